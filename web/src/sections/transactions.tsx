import { useState } from 'preact/hooks';
import type { Decision, Transaction } from '../api/contract';
import { Card } from '../components/card';
import { Segmented } from '../components/segmented';
import { Skeleton } from '../components/skeleton';
import { pace, useQuery } from '../state/use_query';
import { TransactionDrawer } from './transaction_drawer';
import { TransactionTable } from './transaction_table';

type Filter = 'all' | Decision;

const filters: readonly { value: Filter; text: string }[] = [
  { value: 'all', text: 'All' },
  { value: 'approve', text: 'Approved' },
  { value: 'review', text: 'Review' },
  { value: 'decline', text: 'Declined' },
];
const page = 12;

/** Orders as they are decided; a row opens with what the decision was made of. */
export function Transactions() {
  const [filter, setFilter] = useState<Filter>('all');
  const [pages, setPages] = useState(1);
  const [open, setOpen] = useState<Transaction | null>(null);
  const limit = page * pages;
  const answer = useQuery(`transactions ${filter} ${limit}`, pace.live, (client) =>
    client.transactions({ decision: filter === 'all' ? undefined : filter, limit }),
  );
  const choose = (value: Filter) => {
    setFilter(value);
    setPages(1);
  };
  const aside = (
    <Segmented
      label="Transactions by decision"
      options={filters}
      chosen={filter}
      onChoose={choose}
    />
  );
  const rows = answer.value?.transactions;

  return (
    <Card title="Transactions" name="transactions" aside={aside} answer={answer}>
      {!rows && !answer.error && <Skeleton lines={page} height={37} />}
      {rows?.length === 0 && (
        <p class="nothing">
          {filter === 'all' ? 'No transactions yet.' : 'No transactions with this decision.'}
        </p>
      )}
      {rows && rows.length > 0 && <TransactionTable rows={rows} onOpen={setOpen} />}
      {answer.value?.next && (
        <button type="button" class="quiet more" onClick={() => setPages(pages + 1)}>
          Show more
        </button>
      )}
      {open && <TransactionDrawer transaction={open} onClose={() => setOpen(null)} />}
    </Card>
  );
}
