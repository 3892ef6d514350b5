import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, startFederation } from './support/federation.ts';
import type { TestGateway } from './support/gateway.ts';

/** Two kitchens with one menu, and dishes that only one of them knows: as a union, and as an interface. */
const soup = { __typename: 'Soup', name: 'Minestrone', spoons: 1 };
const pizza = { __typename: 'Pizza', name: 'Napoli', slices: 8 };
const sushi = { __typename: 'Sushi', name: 'Maki', pieces: 6 };

/** A kitchen's schema: its name in a root field, and the dish that only this kitchen has. */
const kitchen = (root: string, own: string, more = '') => `
  type Query { ${root}: Restaurant open: Restaurant @shareable }
  type Restaurant @key(fields: "id") { id: ID! menu: Menu @shareable ${more} }
  type Menu @shareable { dishes: [Dish!]! named: [Named!]! }
  union Dish = Soup | ${own.split(' ')[0]}
  interface Named { name: String }
  type Soup implements Named @shareable { name: String spoons: Int }
  type ${own.split(' ')[0]} implements Named { name: String ${own.split(' ')[1]} }`;

const menu = (...dishes: object[]) => ({ dishes, named: dishes });

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startFederation({
    italy: [
      kitchen('trattoria', 'Pizza slices:Int'),
      {
        Query: { trattoria: () => ({ id: '1' }), open: () => ({ id: '1', menu: menu(soup) }) },
        Restaurant: { menu: ({ menu: known }: { menu?: object }) => known ?? menu(soup, pizza) },
      },
    ],
    japan: [
      kitchen('izakaya', 'Sushi pieces:Int', 'specials: Menu'),
      {
        Query: { izakaya: () => ({ id: '1' }), open: () => ({ id: '1', menu: menu(soup) }) },
        Restaurant: {
          menu: ({ menu: known }: { menu?: object }) => known ?? menu(sushi, soup),
          specials: () => menu(sushi),
        },
      },
    ],
  });
});
afterEach(() => gateway.close());

describe.each(['dishes', 'named'])('types that only some subgraphs have, in %s', (field) => {
  const fragments = `{ ${field} {
    __typename ... on Soup { spoons } ... on Pizza { slices } ... on Sushi { pieces }
  } }`;
  const soups = { __typename: 'Soup', spoons: 1 };
  const pizzas = { __typename: 'Pizza', slices: 8 };
  const sushis = { __typename: 'Sushi', pieces: 6 };

  it('are fetched from the subgraph that is asked for the field around them', async () => {
    expect(await ask(gateway, { query: `{ trattoria { menu ${fragments} } }` })).toEqual({
      data: { trattoria: { menu: { [field]: [soups, pizzas] } } },
    });
    expect(await ask(gateway, { query: `{ izakaya { menu ${fragments} } }` })).toEqual({
      data: { izakaya: { menu: { [field]: [sushis, soups] } } },
    });
  });

  it('are not fetched from another', async () => {
    const query = `{ trattoria { menu { ${field} { __typename ... on Sushi { pieces } } } } }`;
    expect(await ask(gateway, { query })).toEqual({
      data: { trattoria: { menu: { [field]: [{ __typename: 'Soup' }, { __typename: 'Pizza' }] } } },
    });
  });

  it('are none of those that all subgraphs of a shared root field know', async () => {
    expect(await ask(gateway, { query: `{ open { menu ${fragments} } }` })).toEqual({
      data: { open: { menu: { [field]: [soups] } } },
    });
  });

  it('are fetched from the one subgraph that has the field', async () => {
    expect(await ask(gateway, { query: `{ trattoria { specials ${fragments} } }` })).toEqual({
      data: { trattoria: { specials: { [field]: [sushis] } } },
    });
  });

  it('are right at several places of one operation', async () => {
    const query = `{ trattoria { menu ${fragments} specials ${fragments} } izakaya { menu ${fragments} } }`;
    expect(await ask(gateway, { query })).toEqual({
      data: {
        trattoria: { menu: { [field]: [soups, pizzas] }, specials: { [field]: [sushis] } },
        izakaya: { menu: { [field]: [sushis, soups] } },
      },
    });
  });
});
