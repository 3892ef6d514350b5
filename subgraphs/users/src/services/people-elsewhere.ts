import { type ServiceClient, toGlobalId } from '@tributary/subgraph-kit';

/** What another part of the shop holds of a person: lists, by what they are lists of. */
export type PersonLists = Record<string, unknown[]>;

/** What the other subgraphs hold of people: each that holds any has the same two internal fields. */
export interface PeopleElsewhere {
  /** The subgraphs that are asked. */
  subgraphs: readonly string[];
  /**
   * Has a subgraph erase a person; asking again changes nothing more.
   *
   * @returns false when something is still needed, and has to be asked for again later
   * @throws ServiceError when it gives no answer
   */
  erase(subgraph: string, userId: string, requestId: string): Promise<boolean>;
  /**
   * Reads all that a subgraph holds of a person, a page at a time.
   *
   * @throws ServiceError when it gives no answer
   */
  read(subgraph: string, userId: string, requestId: string): Promise<PersonLists>;
}

const ERASE = 'mutation ($userId: ID!) { personErase(userId: $userId) { done } }';
const READ = `query ($userId: ID!, $after: String) {
  personData(userId: $userId, after: $after) { document endCursor }
}`;

interface ReadAnswer {
  personData: { document: PersonLists; endCursor: string | null };
}

/** @param subgraphs - `PRIVACY_SUBGRAPHS` */
export function createPeopleElsewhere(
  services: ServiceClient,
  subgraphs: readonly string[],
): PeopleElsewhere {
  return {
    subgraphs,
    async erase(subgraph, userId, requestId) {
      const request = {
        subgraph,
        query: ERASE,
        variables: { userId: toGlobalId('User', userId) },
        requestId,
      };
      const { personErase } = await services.call<{ personErase: { done: boolean } }>(request);
      return personErase.done;
    },
    async read(subgraph, userId, requestId) {
      const lists: PersonLists = {};
      let after: string | null | undefined;
      do {
        const variables: Readonly<Record<string, unknown>> = { userId: toGlobalId('User', userId), after };
        const { personData }: ReadAnswer = await services.call({
          subgraph,
          query: READ,
          variables,
          requestId,
        });
        for (const [name, items] of Object.entries(personData.document)) {
          lists[name] ??= [];
          lists[name].push(...items);
        }
        after = personData.endCursor;
      } while (after);
      return lists;
    },
  };
}
