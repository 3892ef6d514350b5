import { category, type Department } from './department.ts';

/** Furniture and what makes a home of it. */
export const HOME: Department = {
  name: 'Home & Kitchen',
  lines:
    'Harlow, Nordvik, Fernhill, Atelier Sable, Kestrel, Lumen & Oak, Hearthside, Marlowe, Solvang, Willowbrook, Casa Lindo, Everton'.split(
      ', ',
    ),
  closings: [
    'Ships flat in recyclable packaging.',
    'Backed by a two-year guarantee.',
    'Made in small batches by a family workshop.',
    'Free returns within 60 days.',
    'Wipe clean with a damp cloth.',
  ],
  categories: [
    category('Cookware', 'CKW', [24, 220], 'size', {
      nouns: 'Frying Pan, Saucepan, Stockpot, Casserole, Sauté Pan, Griddle, Wok',
      styles: 'Cast Iron, Stainless Steel, Copper-Bottom, Ceramic, Carbon Steel, Hard-Anodised, Enamelled',
      details: `Heats evenly from edge to edge and holds its temperature when you add cold food.
        Works on every hob, induction included, and goes into the oven up to 240 °C.
        The riveted handle stays cool on the stove and balances well in the hand.
        A pouring rim on both sides keeps the worktop clean.`,
    }),
    category('Tableware', 'TBW', [9, 95], 'pack', {
      nouns:
        'Dinner Plates, Pasta Bowls, Coffee Mugs, Side Plates, Serving Platters, Water Glasses, Espresso Cups',
      styles: 'Stoneware, Speckled, Porcelain, Hand-Glazed, Ribbed, Reactive-Glaze, Terracotta',
      details: `Safe in the dishwasher and the microwave, and hard to chip.
        Stacks neatly, so that a full set fits on one shelf.
        No two pieces are exactly alike: the glaze settles differently in every firing.
        Goes with everything else in the line, so you can start with a few.`,
    }),
    category('Bedding', 'BED', [29, 240], 'bed', {
      nouns: 'Duvet Cover, Fitted Sheet, Quilt, Bed Linen Set, Mattress Protector, Bedspread',
      styles: 'Linen, Organic Cotton, Washed Percale, Sateen, Flannel, Bamboo, Muslin',
      details: `Breathes in summer and keeps you warm in winter.
        Washed before it leaves the mill, so it is soft from the first night.
        Deep corners with strong elastic stay where they are.
        Hidden buttons and inner ties keep everything in place.`,
    }),
    category('Lighting', 'LGT', [25, 320], 'colour', {
      nouns: 'Table Lamp, Floor Lamp, Pendant Light, Wall Sconce, Desk Lamp, String Lights',
      styles: 'Brass, Smoked Glass, Paper, Arched, Ceramic, Rattan, Dimmable',
      details: `Gives a warm, glare-free light that is kind to tired eyes.
        Dims smoothly down to a glow for late evenings.
        Comes with a fabric cable long enough to reach an awkward socket.
        Takes a standard E27 bulb, so it will never be hard to replace.`,
    }),
    category('Storage', 'STO', [8, 130], 'size', {
      nouns: 'Basket, Storage Box, Shelf Unit, Laundry Hamper, Drawer Organiser, Coat Rack',
      styles: 'Seagrass, Felt, Bamboo, Wire, Stackable, Recycled, Oak',
      details: `Makes room where there seemed to be none.
        Strong enough for books, light enough to lift with one hand.
        Folds flat when it is not needed.
        Felt feet protect wooden floors.`,
    }),
    category('Rugs', 'RUG', [39, 680], 'rug', {
      nouns: 'Rug, Runner, Kilim, Flatweave Rug, Shag Rug, Doormat',
      styles: 'Wool, Jute, Striped, Berber, Hand-Tufted, Indoor-Outdoor, Vintage-Wash',
      details: `Soft underfoot and quiet in rooms with hard floors.
        Dense enough for a hallway, and easy to vacuum.
        Naturally resists stains; most spills lift off with cold water.
        Pairs well with an anti-slip underlay on polished floors.`,
    }),
    category('Furniture', 'FUR', [89, 1400], 'colour', {
      nouns: 'Bookshelf, Armchair, Side Table, Dining Chair, Coffee Table, Sideboard, Bench',
      styles: 'Oak, Walnut, Mid-Century, Rattan, Teak, Ash, Solid Pine',
      details: `Built with mortise and tenon joints that outlast screws.
        Assembles in twenty minutes with the one tool in the box.
        Oiled by hand, so that scratches can be sanded and oiled away.
        Timber from forests certified for sustainable management.`,
    }),
    category('Small Appliances', 'APL', [29, 420], 'colour', {
      nouns: 'Kettle, Toaster, Stand Mixer, Coffee Grinder, Blender, Espresso Machine, Hand Mixer',
      styles: 'Variable-Temperature, Retro, Compact, Quiet, Programmable, Brushed Steel, Cordless',
      details: `Starts fast and remembers the setting you used last.
        Every part that touches food comes off and goes into the dishwasher.
        Quiet enough not to wake the house before sunrise.
        Spare parts are available for ten years.`,
    }),
    category('Bath', 'BTH', [6, 90], 'colour', {
      nouns: 'Bath Towel, Bath Mat, Shower Curtain, Soap Dispenser, Bathrobe, Hand Towel Set',
      styles: 'Waffle, Turkish Cotton, Quick-Dry, Bamboo, Ribbed, Stone, Zero-Twist',
      details: `Takes up water at once and dries before the next shower.
        Keeps its colour after a hundred washes.
        Thick where it counts, light on the line.
        Certified free of harmful dyes.`,
    }),
  ],
};
