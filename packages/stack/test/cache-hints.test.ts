import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { checkCacheHints } from '../src/cache-hints/check-hints.ts';
import { hintProblems } from '../src/cache-hints/hint-problems.ts';
import { ownedFields } from '../src/cache-hints/owned-fields.ts';

const MATRIX = `# Who sees what

| field              | anonymous       | owner     | other customer | staff |
| ------------------ | --------------- | --------- | -------------- | ----- |
| \`Book.title\`     | yes             | yes       | yes            | yes   |
| \`Loan.until\`     | –               | yes       | –              | yes   |
| \`Query.loan\`     | null            | yes       | null           | yes   |
| \`Query.readers\`  | UNAUTHENTICATED | FORBIDDEN | FORBIDDEN      | yes   |
| \`loans: Query.x\` | FORBIDDEN       | yes       | FORBIDDEN      | yes   |
`;
const problemsOf = (sdl: string) => hintProblems(parse(sdl), ownedFields(MATRIX));

it('reads from the access matrix what belongs to somebody', () => {
  expect([...ownedFields(MATRIX)]).toEqual(['Loan.until', 'Query.loan']);
});

describe('a hint for everybody', () => {
  it.each([
    [
      'on a field with @authenticated',
      'type Query { me: Int @authenticated @cacheControl(maxAge: 60) }',
      'Query.me: it has @authenticated',
    ],
    [
      'on a type with @authenticated',
      'type Me @authenticated @cacheControl(maxAge: 60) { id: ID }',
      'Me: it has @authenticated',
    ],
    [
      'in a type with @authenticated',
      'type Me @authenticated { id: ID @cacheControl(maxAge: 60) }',
      'Me.id: Me has @authenticated',
    ],
    [
      'in an extension',
      'extend type Me @authenticated { id: ID @cacheControl(maxAge: 60) }',
      'Me.id: Me has @authenticated',
    ],
    [
      'said aloud',
      'type Query { me: Int @authenticated @cacheControl(maxAge: 60, scope: PUBLIC) }',
      'Query.me: it has @authenticated',
    ],
    [
      'on a type that belongs to somebody',
      'type Loan @cacheControl(maxAge: 60) { id: ID }',
      'Loan: it belongs to somebody, as the access matrix says',
    ],
    [
      'on a field of one',
      'type Loan { until: Int @cacheControl(maxAge: 60) }',
      'Loan.until: owners and others do not see it alike, as the access matrix says',
    ],
    [
      'on a field that answers one',
      'type Query { mine: [Loan!]! @cacheControl(maxAge: 60) } type Loan { id: ID }',
      'Query.mine: Loan belongs to somebody, as the access matrix says',
    ],
  ])('%s is a problem', (_where, sdl, problem) => {
    expect(problemsOf(sdl)).toEqual([
      `${problem}, and may be kept for everybody; write @cacheControl(maxAge: 60, scope: PRIVATE)`,
    ]);
  });

  it.each([
    [
      'on what everybody sees',
      'type Book @cacheControl(maxAge: 60) { title: String @cacheControl(maxAge: 5) }',
    ],
    ['of no time', 'type Query { me: Int @authenticated @cacheControl(maxAge: 0) }'],
    ['that inherits its time', 'type Loan @cacheControl(inheritMaxAge: true) { id: ID }'],
    [
      'elsewhere than the @requiresScopes',
      'type Book @cacheControl(maxAge: 60) { cost: Int @requiresScopes(scopes: [["staff"]]) }',
    ],
  ])('%s is none', (_where, sdl) => {
    expect(problemsOf(sdl)).toEqual([]);
  });
});

it('what is private may be kept', () => {
  expect(
    problemsOf('type Query { me: Loan @authenticated @cacheControl(maxAge: 60, scope: PRIVATE) }'),
  ).toEqual([]);
});

it('names a scope that nobody knows, as it would be taken for PUBLIC', () => {
  expect(problemsOf('type Query { me: Int @cacheControl(maxAge: 60, scope: PRIVAT) }')).toEqual([
    'Query.me: the scope PRIVAT is ignored; write PUBLIC or PRIVATE',
  ]);
});

it('finds nothing in the subgraphs of the shop', async () => {
  await expect(checkCacheHints()).resolves.toBeUndefined();
});
