import { category, type Department } from './department.ts';

/** What needs a plug, a battery or a cable. */
export const ELECTRONICS: Department = {
  name: 'Electronics',
  lines:
    'Aurex, Bluepine, Corvid, Halden, Ionic, Kairo, Lyra, Meridian, Novaline, Orbis, Pixelwood, Tessel'.split(
      ', ',
    ),
  closings: [
    'Two-year warranty.',
    'The box holds no plastic.',
    'Updates are promised for five years.',
    'Comes with a printed quick-start guide.',
    'Tested for 10,000 hours before release.',
  ],
  categories: [
    category('Headphones', 'HDP', [29, 380], 'colour', {
      nouns: 'Over-Ear Headphones, Earbuds, On-Ear Headphones, Studio Headphones, Sports Earphones',
      styles: 'Wireless, Noise-Cancelling, Open-Back, Bone-Conduction, Foldable, Low-Latency, Hi-Res',
      details: `Up to 38 hours on one charge, and four more after ten minutes at the socket.
        Connects to two devices at once and moves between them by itself.
        Microphones that pick out your voice in a busy street.
        Pads and battery can be replaced without tools.`,
    }),
    category('Speakers', 'SPK', [35, 620], 'colour', {
      nouns: 'Bookshelf Speaker, Portable Speaker, Soundbar, Smart Speaker, Subwoofer, Turntable Speaker',
      styles: 'Bluetooth, Waterproof, Multi-Room, Compact, Walnut, Active, Party',
      details: `A room-filling sound that stays clear when it is quiet.
        Pairs with a second one for stereo.
        Sounds as good in a corner as in the middle of the room.
        Analogue, optical and wireless inputs, with nothing to install.`,
    }),
    category('Keyboards & Mice', 'KBM', [19, 210], 'colour', {
      nouns:
        'Mechanical Keyboard, Wireless Mouse, Trackball, Low-Profile Keyboard, Vertical Mouse, Number Pad',
      styles: 'Silent, Ergonomic, Hot-Swap, Compact, Backlit, Rechargeable, Split',
      details: `Switches that feel the same after fifty million presses.
        Remembers three computers and changes between them at a key.
        Shaped to keep the wrist straight over a long day.
        Every key can be given another job, without any software.`,
    }),
    category('Chargers & Cables', 'CHG', [9, 120], 'pack', {
      nouns: 'USB-C Charger, Charging Cable, Power Bank, Travel Adapter, Wireless Charger, Hub',
      styles: 'GaN, Braided, Fast, Magnetic, 65 W, Slim, Foldable',
      details: `Charges a laptop and a phone at the same time.
        Stays cool, and shuts itself down before anything gets hot.
        Small enough for the coin pocket.
        Bent ten thousand times in the laboratory and none the worse.`,
    }),
    category('Cameras', 'CAM', [79, 1800], 'kit', {
      nouns: 'Action Camera, Mirrorless Camera, Instant Camera, Webcam, Doorbell Camera, Film Camera',
      styles: 'Compact, 4K, Weatherproof, Wide-Angle, Stabilised, Full-Frame, Retro',
      details: `Focuses on eyes, of people and of pets, and stays on them.
        Sharp in the last light of the day.
        Dials for what matters, and a menu that you will seldom need.
        Pictures reach your phone by the time you look for them.`,
    }),
    category('Storage Drives', 'SSD', [19, 460], 'capacity', {
      nouns: 'Portable SSD, NVMe Drive, Memory Card, USB Stick, External Hard Drive, Network Drive',
      styles: 'Rugged, High-Speed, Encrypted, Pocket, Shockproof, Fanless, Dual-Connector',
      details: `Copies a film in seconds.
        Survives a fall from two metres, and the rain after it.
        Encrypts everything in hardware, without slowing down.
        Works with every system as it comes.`,
    }),
    category('Smart Home', 'SMH', [15, 290], 'pack', {
      nouns: 'Light Bulbs, Thermostat, Smart Plug, Motion Sensor, Door Lock, Leak Detector, Air Monitor',
      styles: 'Connected, Battery-Free, Colour, Long-Range, Privacy-First, Slim, Learning',
      details: `Does its work at home: no cloud, no account, no subscription.
        Speaks Matter and joins what you already have.
        The battery lasts for three years.
        Set up in two minutes by scanning the code on the back.`,
    }),
    category('Wearables', 'WRB', [39, 490], 'colour', {
      nouns: 'Smartwatch, Fitness Band, Running Watch, Sleep Ring, Heart Rate Strap',
      styles: 'GPS, Titanium, Slim, Solar, Hybrid, Multisport, Always-On',
      details: `A week between charges, with everything turned on.
        Readable in the brightest sun.
        Tracks sleep, heart rate and forty sports, and explains what they mean.
        Water-resistant to fifty metres.`,
    }),
    category('Monitors & Stands', 'MON', [45, 890], 'screen', {
      nouns: 'Monitor, Curved Monitor, Portable Display, Drawing Display, Reference Monitor',
      styles: '4K, Ultrawide, USB-C, Colour-Accurate, High-Refresh, Matte, Low-Blue-Light',
      details: `One cable for picture, data and power.
        Calibrated in the factory, with the report in the box.
        Tilts, turns and rises to the height of your eyes.
        An even backlight without a flicker.`,
    }),
  ],
};
