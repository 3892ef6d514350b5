/** A town with what an address in it looks like. */
export interface Town {
  city: string;
  /** State, province or county where addresses name it. */
  region: string | null;
  /** Postal code; `#` stands for a digit, `@` for a letter. */
  postalCode: string;
}

/** A country with what is needed to make up addresses in it. */
export interface Country {
  /** ISO 3166-1 alpha-2. */
  code: string;
  /** Which first and last names are usual there. */
  language: 'en' | 'de' | 'fr' | 'nl' | 'es' | 'it' | 'sv';
  /** Share of the shop's customers, relative to the other countries. */
  weight: number;
  towns: readonly Town[];
  streets: readonly string[];
  /** True where the house's number comes before the street. */
  numberFirst: boolean;
  /** What a second line says; `#` stands for a digit. */
  unit: string;
}

const town = (city: string, region: string | null, postalCode: string): Town => ({
  city,
  region,
  postalCode,
});

/** Letters that both Canadian codes and the second half of British ones may have. */
export const POSTAL_LETTERS = 'ABEGHJLNPRSTWXYZ';

export const COUNTRIES: readonly Country[] = [
  {
    code: 'US',
    language: 'en',
    weight: 40,
    towns: [
      town('Portland', 'OR', '972##'),
      town('Seattle', 'WA', '981##'),
      town('Austin', 'TX', '787##'),
      town('Denver', 'CO', '802##'),
      town('Chicago', 'IL', '606##'),
      town('Minneapolis', 'MN', '554##'),
      town('Boston', 'MA', '021##'),
      town('Brooklyn', 'NY', '112##'),
      town('Philadelphia', 'PA', '191##'),
      town('Atlanta', 'GA', '303##'),
      town('Nashville', 'TN', '372##'),
      town('Sacramento', 'CA', '958##'),
      town('San Diego', 'CA', '921##'),
      town('Madison', 'WI', '537##'),
      town('Columbus', 'OH', '432##'),
    ],
    streets: [
      'Maple Street',
      'Oak Avenue',
      'Cedar Lane',
      'Washington Street',
      'Lakeview Drive',
      'Park Avenue',
      'Hillcrest Road',
      'Sunset Boulevard',
      'Elm Street',
      'Juniper Court',
      'River Road',
      'Franklin Avenue',
    ],
    numberFirst: true,
    unit: 'Apt ##',
  },
  {
    code: 'CA',
    language: 'en',
    weight: 9,
    towns: [
      town('Toronto', 'ON', 'M#@ #@#'),
      town('Ottawa', 'ON', 'K#@ #@#'),
      town('Vancouver', 'BC', 'V#@ #@#'),
      town('Calgary', 'AB', 'T#@ #@#'),
      town('Halifax', 'NS', 'B#@ #@#'),
      town('Winnipeg', 'MB', 'R#@ #@#'),
    ],
    streets: [
      'King Street West',
      'Queen Street East',
      'Granville Street',
      'Bloor Street',
      'Dundas Street',
      'Wellington Street',
      'Spruce Drive',
      'Birchmount Road',
    ],
    numberFirst: true,
    unit: 'Unit ##',
  },
  {
    code: 'GB',
    language: 'en',
    weight: 13,
    towns: [
      town('Leeds', 'West Yorkshire', 'LS# #@@'),
      town('Bristol', null, 'BS# #@@'),
      town('Manchester', 'Greater Manchester', 'M# #@@'),
      town('Edinburgh', null, 'EH# #@@'),
      town('Cardiff', null, 'CF1# #@@'),
      town('Norwich', 'Norfolk', 'NR# #@@'),
      town('London', null, 'SE1# #@@'),
      town('Brighton', 'East Sussex', 'BN# #@@'),
    ],
    streets: [
      'High Street',
      'Church Lane',
      'Victoria Road',
      'Station Road',
      'Mill Lane',
      'Queensway',
      'Albert Road',
      'Orchard Close',
      'Park Crescent',
      'The Green',
    ],
    numberFirst: true,
    unit: 'Flat #',
  },
  {
    code: 'IE',
    language: 'en',
    weight: 3,
    towns: [
      town('Dublin', 'County Dublin', 'D0# @#@#'),
      town('Cork', 'County Cork', 'T12 @#@#'),
      town('Galway', 'County Galway', 'H91 @#@#'),
    ],
    streets: [
      'Main Street',
      "St Patrick's Road",
      'Harbour View',
      'Abbey Street',
      'College Road',
      'Bridge Street',
    ],
    numberFirst: true,
    unit: 'Apartment #',
  },
  {
    code: 'AU',
    language: 'en',
    weight: 5,
    towns: [
      town('Melbourne', 'VIC', '30##'),
      town('Sydney', 'NSW', '20##'),
      town('Brisbane', 'QLD', '40##'),
      town('Perth', 'WA', '60##'),
      town('Hobart', 'TAS', '70##'),
    ],
    streets: [
      'George Street',
      'Collins Street',
      'Banksia Avenue',
      'Wattle Grove',
      'Beach Road',
      'Station Street',
    ],
    numberFirst: true,
    unit: 'Unit #',
  },
  {
    code: 'DE',
    language: 'de',
    weight: 10,
    towns: [
      town('Berlin', null, '104##'),
      town('Hamburg', null, '202##'),
      town('München', null, '803##'),
      town('Köln', null, '506##'),
      town('Leipzig', null, '041##'),
      town('Freiburg im Breisgau', null, '791##'),
    ],
    streets: [
      'Hauptstraße',
      'Gartenstraße',
      'Lindenallee',
      'Bahnhofstraße',
      'Schillerstraße',
      'Am Mühlbach',
      'Kastanienweg',
      'Rosenweg',
      'Goethestraße',
    ],
    numberFirst: false,
    unit: '#. Obergeschoss',
  },
  {
    code: 'FR',
    language: 'fr',
    weight: 7,
    towns: [
      town('Lyon', null, '6900#'),
      town('Nantes', null, '44#00'),
      town('Bordeaux', null, '33#00'),
      town('Toulouse', null, '31#00'),
      town('Lille', null, '59#00'),
      town('Rennes', null, '35#00'),
    ],
    streets: [
      'rue de la République',
      'rue Victor Hugo',
      'avenue Jean Jaurès',
      'rue des Lilas',
      'place du Marché',
      'rue Pasteur',
      'chemin des Vignes',
    ],
    numberFirst: true,
    unit: 'Appartement ##',
  },
  {
    code: 'NL',
    language: 'nl',
    weight: 5,
    towns: [
      town('Utrecht', null, '35## @@'),
      town('Amsterdam', null, '10## @@'),
      town('Rotterdam', null, '30## @@'),
      town('Groningen', null, '97## @@'),
      town('Eindhoven', null, '56## @@'),
    ],
    streets: [
      'Dorpsstraat',
      'Kerkstraat',
      'Molenweg',
      'Prinsengracht',
      'Wilhelminastraat',
      'Beukenlaan',
      'Stationsplein',
    ],
    numberFirst: false,
    unit: '#e verdieping',
  },
  {
    code: 'ES',
    language: 'es',
    weight: 4,
    towns: [
      town('Madrid', 'Madrid', '280##'),
      town('Valencia', 'Valencia', '460##'),
      town('Sevilla', 'Sevilla', '410##'),
      town('Bilbao', 'Bizkaia', '480##'),
    ],
    streets: [
      'Calle Mayor',
      'Calle de Alcalá',
      'Avenida de la Constitución',
      'Calle del Prado',
      'Paseo Marítimo',
      'Calle Nueva',
    ],
    numberFirst: false,
    unit: '#º B',
  },
  {
    code: 'IT',
    language: 'it',
    weight: 4,
    towns: [
      town('Torino', 'TO', '101##'),
      town('Bologna', 'BO', '401##'),
      town('Firenze', 'FI', '501##'),
      town('Milano', 'MI', '201##'),
    ],
    streets: ['Via Roma', 'Via Garibaldi', 'Corso Italia', 'Via Dante', 'Viale dei Mille', 'Via San Martino'],
    numberFirst: false,
    unit: 'Interno #',
  },
  {
    code: 'SE',
    language: 'sv',
    weight: 3,
    towns: [
      town('Stockholm', null, '11# ##'),
      town('Göteborg', null, '41# ##'),
      town('Malmö', null, '21# ##'),
      town('Uppsala', null, '75# ##'),
    ],
    streets: ['Storgatan', 'Drottninggatan', 'Kungsgatan', 'Björkvägen', 'Skolgatan', 'Parkvägen'],
    numberFirst: false,
    unit: 'Lgh 1#0#',
  },
];
