/** What somebody may do, as far as an operation asks for it. */
export interface Grants {
  isAuthenticated: boolean;
  scopes: ReadonlySet<string>;
  /** The policies that let them in. */
  policies: ReadonlySet<string>;
}

/** What is asked of who wants to see something. */
export interface Requirement {
  /** Says what it is: requirements with the same text ask for the same, whichever supergraph they are from. */
  readonly text: string;
  /** The policies that it may depend on. */
  readonly policies: readonly string[];
  isMet(grants: Grants): boolean;
}

/** Asks for nothing. */
export const NOTHING: Requirement = { text: 'nothing', policies: [], isMet: () => true };

/** Asks for a verified token. */
export const AUTHENTICATED: Requirement = {
  text: 'authenticated',
  policies: [],
  isMet: ({ isAuthenticated }) => isAuthenticated,
};

/** Asks for a scope of the token. */
export const scope = (name: string): Requirement => ({
  text: `scope ${JSON.stringify(name)}`,
  policies: [],
  isMet: ({ scopes }) => scopes.has(name),
});

/** Asks for a policy to let the viewer in. */
export const policy = (name: string): Requirement => ({
  text: `policy ${JSON.stringify(name)}`,
  policies: [name],
  isMet: ({ policies }) => policies.has(name),
});

/** Asks for all of these. */
export function all(requirements: readonly Requirement[]): Requirement {
  const parts = eachOnce(requirements.filter((part) => part !== NOTHING));
  const [first = NOTHING, ...others] = parts;
  if (others.length === 0) return first;
  return {
    text: `(${parts.map(({ text }) => text).join(' and ')})`,
    policies: policiesOf(parts),
    isMet: (grants) => parts.every((part) => part.isMet(grants)),
  };
}

/** Asks for any of these; there has to be one. */
export function any(requirements: readonly Requirement[]): Requirement {
  if (requirements.includes(NOTHING)) return NOTHING;
  const parts = eachOnce(requirements);
  const [first] = parts;
  if (first && parts.length === 1) return first;
  return {
    text: `(${parts.map(({ text }) => text).join(' or ')})`,
    policies: policiesOf(parts),
    isMet: (grants) => parts.some((part) => part.isMet(grants)),
  };
}

/** The policies that some requirements may depend on, each once. */
export const policiesOf = (requirements: readonly Requirement[]): string[] => [
  ...new Set(requirements.flatMap(({ policies }) => policies)),
];

const eachOnce = (requirements: readonly Requirement[]): Requirement[] =>
  [...new Map(requirements.map((one) => [one.text, one])).values()].sort((one, other) =>
    one.text < other.text ? -1 : 1,
  );
