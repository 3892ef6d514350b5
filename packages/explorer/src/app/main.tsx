import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './explorer.css';
import { ROOT_ELEMENT_ID } from '../config.ts';
import { ExplainButton } from './explain-button.tsx';
import { createFetcher } from './fetcher.ts';
import { initialState } from './initial-state.ts';
import { readConfig } from './read-config.ts';
import { installWorkers } from './workers.ts';

installWorkers();

const config = readConfig();
const root = document.getElementById(ROOT_ELEMENT_ID);
if (!root) throw new Error(`The page has no element #${ROOT_ELEMENT_ID}`);

createRoot(root).render(
  <GraphiQL fetcher={createFetcher(config)} {...initialState(config.example)}>
    <GraphiQL.Logo>
      <span className="explorer-title">{config.title}</span>
    </GraphiQL.Logo>
    <GraphiQL.Toolbar>
      {({ prettify, merge, copy }) => (
        <>
          {prettify}
          {merge}
          {copy}
          {config.explain && <ExplainButton page={config.explain.page} />}
        </>
      )}
    </GraphiQL.Toolbar>
  </GraphiQL>,
);
