import { category, type Department } from './department.ts';

/** What is used under the sky, or to stay fit. */
export const OUTDOORS: Department = {
  name: 'Sports & Outdoors',
  lines:
    'Basecamp, Cairn, Driftline, Evergrade, Granite Peak, Highmoor, Kestrel Ridge, Larkspur, Rivermark, Summit & Sons, Tarn, Wildgrove'.split(
      ', ',
    ),
  closings: [
    'Field-tested for a year before it went on sale.',
    'Spare parts and repairs for life.',
    'One percent of the price goes to trail maintenance.',
    'Made from at least 60 % recycled material.',
    'Weight and packed size are printed on the label.',
  ],
  categories: [
    category('Backpacks', 'BPK', [35, 290], 'volume', {
      nouns: 'Backpack, Daypack, Rolltop Pack, Trekking Pack, Hip Pack, Duffel',
      styles: 'Waterproof, Ultralight, Commuter, Recycled, Ventilated, Canvas, Alpine',
      details: `Carries its load on the hips, where it belongs.
        A mesh back keeps the air moving on a hot climb.
        Opens all the way round, so nothing gets lost at the bottom.
        Fits a 16-inch laptop and three litres of water.`,
    }),
    category('Tents', 'TNT', [99, 890], 'persons', {
      nouns: 'Tent, Tunnel Tent, Dome Tent, Tarp Shelter, Family Tent, Bivvy',
      styles: 'Three-Season, Ultralight, Four-Season, Freestanding, Quick-Pitch, Storm, Blackout',
      details: `Stands in five minutes, alone and in the dark.
        Two doors and two porches, so nobody climbs over anybody.
        Holds in a gale and under a night's wet snow.
        Colour-coded poles go only where they should.`,
    }),
    category('Sleeping Gear', 'SLP', [29, 460], 'length', {
      nouns: 'Sleeping Bag, Sleeping Mat, Quilt, Camp Pillow, Hammock, Bag Liner',
      styles: 'Down, Synthetic, Inflatable, Self-Inflating, Summer, Winter, Compact',
      details: `Tested by sleepers who feel the cold.
        Packs to the size of a water bottle.
        Quiet when you turn over.
        Soft on the skin, and easy to air and to wash.`,
    }),
    category('Camp Kitchen', 'CMP', [12, 180], 'size', {
      nouns: 'Camp Stove, Cook Set, Water Filter, Insulated Bottle, Cooler, Spork Set',
      styles: 'Titanium, Windproof, Folding, Nesting, Gravity, Double-Wall, Compact',
      details: `Made for wind, sand and cold fingers.
        Everything fits inside of everything else.
        Tough enough to be thrown into the boot with the rest.
        Cleans with a handful of sand and a rinse.`,
    }),
    category('Cycling', 'CYC', [14, 320], 'colour', {
      nouns: 'Helmet, Bike Light, Pannier, Saddle, Floor Pump, Bike Lock, Handlebar Bag',
      styles: 'Commuter, Gravel, Waterproof, Rechargeable, Aero, Folding, Reflective',
      details: `Seen from two hundred metres away.
        Clicks on and off with one hand, in gloves.
        Fits nearly every bike, and the adapter for the rest is in the box.
        Rated for the worst city and the longest winter.`,
    }),
    category('Running', 'RUN', [19, 210], 'shoe', {
      nouns: 'Trail Shoes, Running Shoes, Racing Flats, Recovery Slides, Track Spikes',
      styles: 'Cushioned, Lightweight, Stability, Waterproof, Carbon-Plate, Barefoot, Wide',
      details: `A foam that gives back what you put in.
        Grips wet rock and sheds mud.
        Good for eight hundred kilometres, and we counted.
        A knitted upper without a seam to rub.`,
    }),
    category('Yoga & Fitness', 'FIT', [9, 240], 'colour', {
      nouns: 'Yoga Mat, Kettlebell, Resistance Bands, Foam Roller, Jump Rope, Balance Board',
      styles: 'Natural Rubber, Cork, Adjustable, Non-Slip, Studio, Travel, Weighted',
      details: `Stays put, however warm it gets.
        Gentle on the joints and on the neighbours below.
        Rolls up with its own strap.
        Comes with a plan of twelve sessions.`,
    }),
    category('Gardening', 'GRD', [6, 150], 'size', {
      nouns: 'Pruning Shears, Watering Can, Planter, Raised Bed, Hand Trowel, Compost Bin, Hose',
      styles: 'Stainless, Copper, Self-Watering, Cedar, Galvanised, Terracotta, Ergonomic',
      details: `Made for hands that work, and for being left out in the rain.
        Sharpens in a minute with any stone.
        Ages well: the weather gives it the colour it was meant to have.
        The right size for a balcony as well as for a garden.`,
    }),
    category('Swimming', 'SWM', [9, 190], 'clothing', {
      nouns: 'Swimsuit, Swim Shorts, Rash Guard, Wetsuit, Bikini Top, Swim Jammers',
      styles: 'Quick-Dry, Chlorine-Resistant, UV 50+, Long-Sleeve, Recycled, Training, Thermal',
      details: `Keeps its shape and colour through a season of lengths.
        Dries on the way home.
        Screens the sun where cream wears off.
        Spun from fishing nets taken out of the sea.`,
    }),
  ],
};
