import { useEffect, useMemo, useRef } from 'preact/hooks';
import { currencies as askCurrencies, total } from './api/questions';
import { grainLength, windowsOf } from './model/time';
import { Alerts } from './sections/alerts';
import { BestSellers } from './sections/best_sellers';
import { FirstEvent } from './sections/first_event';
import { Footer } from './sections/footer';
import { Funnel } from './sections/funnel';
import { Header } from './sections/header';
import { Now } from './sections/now';
import { Origins } from './sections/origins';
import { Overview } from './sections/overview';
import { Pipeline } from './sections/pipeline';
import { Searches } from './sections/searches';
import { SignIn } from './sections/sign_in';
import { Transactions } from './sections/transactions';
import { TroubleBanner } from './sections/trouble_banner';
import { Dashboard, DashboardContext } from './state/dashboard';
import { useConnection } from './state/use_connection';
import { pace, useQuery } from './state/use_query';
import { useView, type View } from './state/view';

/** A shop is new when a year holds no event. */
const daysLookedBack = 365;

function useIsEmpty(): boolean {
  const answer = useQuery('anything', pace.steady, async (client, now) => {
    const to = now + grainLength['1d'];
    const from = to - daysLookedBack * grainLength['1d'];
    const day = grainLength['1d'];
    const period = { from: Math.floor(from / day) * day, to: Math.floor(to / day) * day };
    const rows = await total(client, 'events', period, '1d');
    return rows.some((row) => Number(row.value) > 0);
  });
  return answer.value === false;
}

function useCurrencies(view: View): string[] {
  const { range, grain } = view;
  const answer = useQuery(`currencies ${range.id} ${grain}`, pace.steady, (client, now) =>
    askCurrencies(client, windowsOf(range, grain, now).current, grain),
  );
  return answer.value ?? [];
}

function Page() {
  const [view, change] = useView();
  const found = useCurrencies(view);
  // Once shown, the main currency stays: the page must not jump to another while it is looked at.
  const main = useRef('');
  main.current ||= found[0] ?? '';
  const currency = view.currency ?? main.current;
  const isEmpty = useIsEmpty();
  return (
    <>
      <a class="skip" href="#content">
        Skip to the numbers
      </a>
      <Header view={view} currencies={found} currency={currency} onChange={change} />
      <main id="content">
        <TroubleBanner />
        {isEmpty ? (
          <FirstEvent />
        ) : (
          <>
            <h1 class="hidden-text">What happens in the shop</h1>
            <Now currency={currency} />
            <Overview view={view} currency={currency} onChange={change} />
            <Funnel view={view} />
            <Origins view={view} />
            <BestSellers dimension="product" title="Products" view={view} currency={currency} />
            <BestSellers dimension="category" title="Categories" view={view} currency={currency} />
            <Searches view={view} />
            <Transactions />
            <Alerts />
          </>
        )}
        <Pipeline />
      </main>
      <Footer />
    </>
  );
}

function Gate() {
  const { phase } = useConnection();
  return phase === 'signed-out' ? <SignIn /> : <Page />;
}

export function App() {
  const dashboard = useMemo(() => new Dashboard(), []);
  useEffect(() => dashboard.start(), [dashboard]);
  return (
    <DashboardContext.Provider value={dashboard}>
      <Gate />
    </DashboardContext.Provider>
  );
}
