/** What is in the editors. */
export interface Editors {
  /** A GraphQL document. */
  operation: string;
  /** Which operation of the document; empty when it has one. */
  operationName: string;
  /** JSON, or empty. */
  variables: string;
  /** JSON, or empty. */
  headers: string;
}

/** Where headers lie for the page that is opened: they may hold tokens, which do not belong into an address. */
const HEADERS_KEY = 'explain:headers';

/**
 * Opens the page that shows how an operation runs. The operation is in the fragment of the address, which a browser
 * keeps to itself; a page that is opened by another of the same origin gets a copy of its session storage.
 */
export function handOver(page: string, editors: Editors): void {
  window.sessionStorage.setItem(HEADERS_KEY, editors.headers);
  window.open(page + toFragment(editors), '_blank');
}

/** What was handed to this page; undefined when it was opened without an operation. */
export function takeOver(): Editors | undefined {
  const fragment = new URLSearchParams(window.location.hash.slice(1));
  const operation = fragment.get('operation');
  if (operation === null) return undefined;
  return {
    operation,
    operationName: fragment.get('operationName') ?? '',
    variables: fragment.get('variables') ?? '',
    headers: window.sessionStorage.getItem(HEADERS_KEY) ?? '',
  };
}

/** Keeps what is in the editors for when the page is loaded again. */
export function keep(editors: Editors): void {
  window.sessionStorage.setItem(HEADERS_KEY, editors.headers);
  window.history.replaceState(null, '', toFragment(editors));
}

function toFragment({ operation, operationName, variables }: Editors): string {
  const fragment = new URLSearchParams({
    operation,
    ...(operationName && { operationName }),
    ...(variables && { variables }),
  });
  return `#${fragment}`;
}
