import { exportAccount } from '../api/account';
import { buttonStyle } from '../ui/buttonStyle';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Section } from './Section';
import { useAction } from './useAction';

/** Everything that is stored about the account, as a file. */
export function DataSection() {
  const { busy, error, run } = useAction();

  function download() {
    void run(async () => {
      const file = new Blob([JSON.stringify(await exportAccount(), null, 2)], { type: 'application/json' });
      const address = URL.createObjectURL(file);
      const link = document.createElement('a');
      link.href = address;
      link.download = 'autostack-account.json';
      link.click();
      URL.revokeObjectURL(address);
    });
  }

  return (
    <Section title="Your data" text="Everything that is stored about you, as JSON.">
      {error !== null && <ErrorNotice title="Your data could not be collected" error={error} />}
      <div>
        <button type="button" aria-disabled={busy} className={buttonStyle('secondary', 'small')} onClick={download}>
          {busy ? 'Collecting…' : 'Download'}
        </button>
      </div>
    </Section>
  );
}
