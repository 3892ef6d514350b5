import type { PrismaPg } from '@prisma/adapter-pg';
import { currentSpan, inSpan } from '@tributary/platform';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
/** What runs statements: a connection of the pool's choosing, or a transaction. */
type Queryable = Pick<Adapter, 'queryRaw' | 'executeRaw'>;

const LONGEST = 2_000; // characters of a statement's text

/** Gives each statement that Prisma sends a span, with its text: values are not in there, but beside it. */
export function traceStatements(factory: PrismaPg): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    traceQueries(adapter);
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (isolation) => {
      const transaction = await start(isolation);
      traceQueries(transaction);
      return transaction;
    };
    return adapter;
  };
  return factory;
}

function traceQueries(queryable: Queryable): void {
  const queryRaw = queryable.queryRaw.bind(queryable);
  const executeRaw = queryable.executeRaw.bind(queryable);
  queryable.queryRaw = (query) => traced(query.sql, () => queryRaw(query));
  queryable.executeRaw = (query) => traced(query.sql, () => executeRaw(query));
}

function traced<Result>(statement: string, run: () => Promise<Result>): Promise<Result> {
  if (!currentSpan()) return run();
  const [operation = 'SQL'] = /[a-z]+/i.exec(statement) ?? [];
  const name = operation.toUpperCase();
  const attributes = {
    'db.system.name': 'postgresql',
    'db.operation.name': name,
    'db.query.text': statement.slice(0, LONGEST),
  };
  return inSpan(name, { kind: 'client', attributes }, run);
}

interface Operation {
  model?: string;
  operation: string;
  args: unknown;
  query(args: unknown): PromiseLike<unknown>;
}

/** A Prisma client each of whose operations has a span; that of its statements is a part of it. */
export const traceOperationsOf = <Client>(client: Client): Client =>
  (client as { $extends(extension: object): Client }).$extends({
    query: {
      $allOperations({ model, operation, args, query }: Operation) {
        if (!currentSpan()) return query(args);
        const name = model === undefined ? operation : `${model}.${operation}`;
        return inSpan(
          `prisma ${name}`,
          { attributes: { 'db.operation.name': operation, 'db.collection.name': model } },
          // It is awaited in there: Prisma does nothing before somebody waits for it.
          async () => await query(args),
        );
      },
    },
  });
