import { createRoot } from 'react-dom/client';
import './theme.css';
import './page.css';
import './timeline.css';
import './details.css';
import { ROOT_ELEMENT_ID } from '../../config.ts';
import { readConfig } from '../read-config.ts';
import { ExplainPage } from './explain-page.tsx';

const config = readConfig();
const root = document.getElementById(ROOT_ELEMENT_ID);
if (!root) throw new Error(`The page has no element #${ROOT_ELEMENT_ID}`);
if (!config.explain) throw new Error('The page does not know how to ask for an explanation');

createRoot(root).render(<ExplainPage config={config} explain={config.explain} />);
