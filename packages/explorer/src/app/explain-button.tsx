import { ToolbarButton, useGraphiQL } from '@graphiql/react';
import { handOver } from './hand-over.ts';

/** Opens the page that shows how the operation in the editor runs. */
export function ExplainButton({ page }: { page: string }) {
  const query = useGraphiQL(({ queryEditor }) => queryEditor);
  const variables = useGraphiQL(({ variableEditor }) => variableEditor);
  const headers = useGraphiQL(({ headerEditor }) => headerEditor);
  const operationName = useGraphiQL((state) => state.operationName);
  const open = () =>
    handOver(page, {
      operation: query?.getValue() ?? '',
      variables: variables?.getValue() ?? '',
      headers: headers?.getValue() ?? '',
      operationName: operationName ?? '',
    });
  return (
    <ToolbarButton label="Explain: show how this operation runs" onClick={open}>
      <svg
        className="graphiql-toolbar-icon"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        aria-hidden="true"
      >
        <path d="M1.5 3.5h6M4.5 8h7M9.5 12.5h5" strokeWidth="2" strokeLinecap="round" />
      </svg>
    </ToolbarButton>
  );
}
