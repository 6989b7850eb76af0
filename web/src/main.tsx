import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/page.css';
import './styles/overview.css';
import './styles/lists.css';
import './styles/transactions.css';
import './styles/pipeline.css';
import { App } from './app';

const host = document.getElementById('app');
if (!host) throw new Error('index.html has no #app');
render(<App />, host);
