/** A federation made to have one feature. */
export interface Federation {
  feature: string;
  /** The subgraphs' SDL by name. */
  subgraphs: Readonly<Record<string, string>>;
  /** What they are composed to. @default it is composed when it is needed */
  supergraph?: string;
}

/** The federations that executors are compared on. Text fields with `@requires` tell what they were given. */
export const FEDERATIONS: readonly Federation[] = [
  {
    feature: 'requires, nested and with arguments',
    subgraphs: {
      boxes: `
        type Query { boxes: [Box!]! box: Box }
        type Box @key(fields: "id") { id: ID! size: Size weight(unit: String = "kg"): Int tags: [String] lid: Lid }
        type Size { width: Int! depth: Depth }
        type Depth { inner: Int outer: Int! }
        type Lid { colour: String hinges: [Hinge] }
        type Hinge { kind: String }`,
      shipping: `
        type Box @key(fields: "id") {
          id: ID!
          size: Size @external
          tags: [String] @external
          lid: Lid @external
          weight(unit: String = "kg"): Int @external
          label: String @requires(fields: "size { width depth { inner outer } }")
          price(express: Boolean): String @requires(fields: "weight(unit: \\"g\\") tags")
          lidNote: String! @requires(fields: "lid { colour hinges { kind } }")
        }
        type Size { width: Int! @external depth: Depth @external }
        type Depth { inner: Int @external outer: Int! @external }
        type Lid { colour: String @external hinges: [Hinge] @external }
        type Hinge { kind: String @external }`,
    },
  },
  {
    feature: 'keys, composite, several and nested',
    subgraphs: {
      people: `
        type Query { person: Person people(first: Int): [Person] }
        type Person @key(fields: "id") @key(fields: "email") { id: ID! email: String! name: String team: Team }
        type Team @key(fields: "name organization { id }") { name: String! organization: Organization! }
        type Organization @key(fields: "id") { id: ID! }`,
      teams: `
        type Team @key(fields: "name organization { id }") {
          name: String! organization: Organization! motto: String members: [Person!]
        }
        type Organization @key(fields: "id") { id: ID! title: String! teams: [Team] }
        type Person @key(fields: "email") { email: String! badge: Int }`,
      accounts: `
        type Query { me: Person! }
        type Person @key(fields: "id") { id: ID! balance: Float friends: [Person]! }`,
    },
  },
  {
    feature: 'provides',
    subgraphs: {
      reviews: `
        type Query { reviews: [Review] latest: Review @provides(fields: "author { name }") }
        type Review { text: String! author: User product: Product @provides(fields: "title") }
        type User @key(fields: "id") { id: ID! name: String @external }
        type Product @key(fields: "id") { id: ID! title: String @external }`,
      catalogue: `
        type User @key(fields: "id") { id: ID! name: String @shareable age: Int! }
        type Product @key(fields: "id") { id: ID! title: String @shareable price: Float owner: User! }`,
    },
  },
  {
    feature: 'override',
    subgraphs: {
      old: `
        type Query { items: [Item!] }
        type Item @key(fields: "id") { id: ID! stock: Int place: Place }
        type Place @shareable { row: Int! shelf: String }`,
      new: `
        type Query { item(id: ID): Item }
        type Item @key(fields: "id") { id: ID! stock: Int @override(from: "old") note: String }`,
    },
  },
  {
    feature: 'interface objects',
    subgraphs: {
      media: `
        type Query { media: [Media] oneMedia: Media! }
        interface Media @key(fields: "id") { id: ID! title: String }
        type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int! }
        type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
      ratings: `
        type Query { best: Media }
        type Media @key(fields: "id") @interfaceObject { id: ID! rating: Int reviews: [Rating!] }
        type Rating { stars: Int! about: Media }`,
    },
  },
  {
    feature: 'shareable value types',
    subgraphs: {
      a: `
        type Query { a: Thing position: Position @shareable }
        type Thing @key(fields: "id") { id: ID! position: Position! money: Money }
        type Position @shareable { x: Int! y: Int }
        type Money @shareable { amount: Int currency: Currency! }
        enum Currency { EUR USD }`,
      b: `
        type Query { b: [Thing!]! position: Position @shareable }
        type Thing @key(fields: "id") { id: ID! cost: Money route: [[Position]!] }
        type Position @shareable { x: Int! y: Int }
        type Money @shareable { amount: Int currency: Currency! }
        enum Currency { EUR USD }`,
    },
  },
  {
    feature: 'unions and interfaces',
    subgraphs: {
      search: `
        type Query { search(text: String): [Result] top: Result pets: [Pet!] }
        union Result = Cat | Dog | Page
        interface Pet { id: ID! name: String }
        type Cat implements Pet @key(fields: "id") { id: ID! name: String lives: Int! }
        type Dog implements Pet @key(fields: "id") { id: ID! name: String friends: [Pet] owner: Owner }
        type Page { url: String! related: [Result!] }
        type Owner @key(fields: "id") { id: ID! }`,
      vets: `
        type Query { patients: [Patient] }
        interface Patient { id: ID! chip: String }
        type Cat implements Patient @key(fields: "id") { id: ID! chip: String visits: [Visit] }
        type Dog implements Patient @key(fields: "id") { id: ID! chip: String weight: Float! }
        type Visit { why: String patient: Patient }`,
      owners: `
        type Owner @key(fields: "id") { id: ID! name: String! pets: [OwnerPet] }
        union OwnerPet = Cat | Dog
        type Cat @key(fields: "id") { id: ID! }
        type Dog @key(fields: "id") { id: ID! }`,
    },
  },
  {
    feature: 'lists of entities with nulls',
    subgraphs: {
      lists: `
        type Query { grid: [[Cell]] row: [Cell]! solid: [Cell!]! }
        type Cell @key(fields: "id") { id: ID! next: [Cell] inner: [[Cell!]] }`,
      values: `
        type Cell @key(fields: "id") { id: ID! value: Int sure: Int! words: [[String]] }`,
    },
  },
  {
    feature: 'enums and fields that are inaccessible',
    subgraphs: {
      hidden: `
        type Query { things: [Thing] level: Level levels: [Level] sure: Level! }
        enum Level { LOW HIGH SECRET @inaccessible }
        type Thing @key(fields: "id") { id: ID! level: Level secret: String @inaccessible code: Code! }
        scalar Code`,
      shown: `
        type Thing @key(fields: "id") {
          id: ID! secret: String @external told: String @requires(fields: "secret") levels: [Level!]
        }
        enum Level { LOW HIGH SECRET @inaccessible }`,
    },
  },
  {
    feature: 'mutations over several subgraphs',
    subgraphs: {
      first: `
        type Query { counter: Counter }
        type Mutation { add(by: Int! = 1): Counter reset: Counter! }
        type Counter @key(fields: "id") { id: ID! value: Int }`,
      second: `
        type Query { log: [String!] }
        type Mutation { note(input: Note): Counter }
        input Note { text: String! = "none" tags: [String!] more: Note }
        type Counter @key(fields: "id") { id: ID! notes: [String] }`,
    },
  },
];
