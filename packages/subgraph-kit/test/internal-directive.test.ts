import { expect, it } from '@jest/globals';
import { graphql, parse } from 'graphql';
import { buildSchema } from '../src/index.ts';

const typeDefs = parse(/* GraphQL */ `
  directive @internal on FIELD_DEFINITION
  type Query { open: String own: String @internal }
`);
let resolved = 0;
const schema = buildSchema(typeDefs, {
  Query: {
    open: () => 'open',
    own: () => {
      resolved++;
      return 'own';
    },
  },
});
const ask = (contextValue: object) => graphql({ schema, source: '{ open own }', contextValue });

it('@internal lets another service in', async () => {
  const { data, errors } = await ask({ service: 'orders', viewer: null });
  expect(errors).toBeUndefined();
  expect({ ...data }).toEqual({ open: 'open', own: 'own' });
});

it('@internal lets nobody else in, whatever their role, and does not resolve the field', async () => {
  const before = resolved;
  const { data, errors } = await ask({ service: null, viewer: { userId: 'u', role: 'ADMIN' } });
  expect({ ...data }).toEqual({ open: 'open', own: null });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  expect(resolved).toBe(before);
});
