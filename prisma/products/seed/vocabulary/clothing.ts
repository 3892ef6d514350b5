import { category, type Department } from './department.ts';

/** What people wear. */
export const CLOTHING: Department = {
  name: 'Clothing & Shoes',
  lines:
    'Alder, Brightwater, Fjell, Juniper & Co, Maren, Northbound, Ostara, Pembroke, Redfern, Saltmarsh, Thistle, Wren'.split(
      ', ',
    ),
  closings: [
    'Machine washable at 30 °C.',
    'Sewn in Portugal.',
    'We repair it free of charge for two years.',
    'Cut true to size; between sizes, take the smaller one.',
    'Returned and worn pieces are resold or recycled.',
  ],
  categories: [
    category('T-Shirts', 'TSH', [12, 49], 'clothing', {
      nouns: 'T-Shirt, Long-Sleeve Tee, Pocket Tee, Striped Tee, Henley',
      styles: 'Organic Cotton, Heavyweight, Slub, Relaxed, Pima Cotton, Boxy, Merino',
      details: `A shoulder seam set slightly back, so it never rubs under a bag.
        Pre-shrunk: the size you buy is the size you keep.
        The collar is ribbed and taped, and stays flat.
        Opaque even in white.`,
    }),
    category('Sweaters', 'SWT', [39, 190], 'clothing', {
      nouns: 'Crew Sweater, Cardigan, Turtleneck, Fisherman Sweater, Half-Zip, Knit Vest',
      styles: 'Merino, Lambswool, Cable-Knit, Cashmere Blend, Cotton, Alpaca, Waffle-Knit',
      details: `Warm without weight, and never scratchy.
        Fully fashioned: knitted to shape rather than cut, for seams that lie flat.
        Resists odours, so airing it overnight is usually enough.
        Ribbed cuffs that you can push up and that come back.`,
    }),
    category('Jackets', 'JKT', [69, 420], 'clothing', {
      nouns: 'Rain Jacket, Parka, Chore Coat, Down Jacket, Bomber, Trench Coat, Gilet',
      styles: 'Waxed, Waterproof, Quilted, Insulated, Packable, Recycled, Canvas',
      details: `Keeps the wind out and lets the warmth of a walk escape.
        Two-way zip, hand-warmer pockets and one inside for a phone.
        The hood fits over a hat and folds away into the collar.
        Reflective piping under the cuffs for the ride home.`,
    }),
    category('Trousers', 'TRS', [35, 160], 'clothing', {
      nouns: 'Chinos, Jeans, Cargo Trousers, Joggers, Wide-Leg Trousers, Corduroys',
      styles: 'Stretch, Tapered, High-Rise, Selvedge, Pleated, Straight, Linen',
      details: `Enough stretch to cycle in, enough structure for the office.
        Deep pockets that hold a phone without a bulge.
        Softens with every wear and fades in its own way.
        A gusset gives room to move where seams usually fail.`,
    }),
    category('Dresses', 'DRS', [45, 220], 'clothing', {
      nouns: 'Midi Dress, Shirt Dress, Wrap Dress, Slip Dress, Maxi Dress, Pinafore',
      styles: 'Linen, Floral, Jersey, Pleated, Denim, Satin, Tiered',
      details: `Falls well and does not crease in a suitcase.
        It has pockets.
        Fully lined, with seams finished by hand.
        Adjustable at the waist, so it fits after lunch as well.`,
    }),
    category('Shoes', 'SHO', [49, 260], 'shoe', {
      nouns: 'Sneakers, Chelsea Boots, Loafers, Derby Shoes, Sandals, Ankle Boots',
      styles: 'Leather, Suede, Canvas, Vegan, Hand-Stitched, Low-Top, Nubuck',
      details: `A cushioned footbed that moulds to the foot in the first week.
        Stitched rather than glued, so they can be resoled.
        Tanned without chrome, with plant extracts.
        A wide toe box leaves room for a thick sock.`,
    }),
    category('Accessories', 'ACC', [9, 85], 'colour', {
      nouns: 'Beanie, Scarf, Belt, Baseball Cap, Gloves, Tote Bag, Wallet',
      styles: 'Ribbed, Merino, Leather, Organic Cotton, Woven, Fleece-Lined, Waxed Canvas',
      details: `The small thing that finishes an outfit.
        One size that fits nearly everyone.
        Arrives in a cotton bag, ready to be given away.
        Soft against the skin and easy to care for.`,
    }),
    category('Underwear & Socks', 'UND', [7, 48], 'clothing', {
      nouns: 'Boxer Briefs, Crew Socks, Briefs, Bralette, Ankle Socks, Undershirt, Hiking Socks',
      styles: 'Seamless, Bamboo, Modal, Merino, Organic Cotton, Cushioned, Everyday',
      details: `Flat seams that you forget about.
        Stays up, stays in place, and leaves no marks.
        Wicks moisture away and dries fast.
        Reinforced where others wear through first.`,
    }),
    category("Children's Clothing", 'KID', [9, 75], 'child', {
      nouns: 'Dungarees, Romper, Rain Suit, Hoodie, Pyjamas, Leggings, Sun Hat',
      styles: 'Organic Cotton, Striped, Reversible, Fleece, Printed, Waterproof, Soft-Rib',
      details: `Cuffs that turn up make it last for two sizes.
        Reinforced knees for those who crawl, climb and slide.
        Snaps that small hands can manage on their own.
        Dyed without anything you would not want in a mouth.`,
    }),
  ],
};
