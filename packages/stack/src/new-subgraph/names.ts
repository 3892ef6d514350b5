import { StartupError } from '@tributary/platform';

/** The words that the template's files are filled in with; the keys are its placeholders. */
export interface Names {
  /** Of the folders, the package and the database: `gift-cards`. */
  name: string;
  /** In sentences: `gift cards`. */
  names: string;
  /** The GraphQL type: `GiftCard`. */
  Type: string;
  /** One of them, in code: `giftCard`. */
  field: string;
  /** Several of them, in code and as a field of Query: `giftCards`. */
  fields: string;
  /** File names about the type: `gift-card`. */
  file: string;
  /** The database's table: `gift_cards`. */
  table: string;
  /** Starts the names of settings: `GIFT_CARDS`. */
  SETTING: string;
  PORT: string;
  ADMIN_PORT: string;
}

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const TYPE = /^[A-Z][A-Za-z0-9]*$/;

/**
 * @param name - plural, in kebab case
 * @param type - of one of them, in Pascal case; made from the name when not given
 * @throws StartupError when one of them is not of its form
 */
export function namesOf(name: string, type = pascal(singular(name))): Names {
  if (!NAME.test(name) || name.length > 40) {
    throw new StartupError(
      `"${name}": a subgraph's name is of small letters, digits and dashes, 40 at most, such as gift-cards`,
    );
  }
  if (!TYPE.test(type))
    throw new StartupError(`--type "${type}": a type's name is in Pascal case, such as GiftCard`);
  return {
    name,
    names: name.replaceAll('-', ' '),
    Type: type,
    field: `${type[0]?.toLowerCase()}${type.slice(1)}`,
    fields: camel(name),
    file: type.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase(),
    table: name.replaceAll('-', '_'),
    SETTING: name.replaceAll('-', '_').toUpperCase(),
    PORT: '',
    ADMIN_PORT: '',
  };
}

/** Good for the names that people give tables; `--type` is for the others. */
function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(ss|sh|ch|x)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

const pascal = (word: string) =>
  word.replaceAll(/(?:^|-)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
const camel = (word: string) =>
  word.replaceAll(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
