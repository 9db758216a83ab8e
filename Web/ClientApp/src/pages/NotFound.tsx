import { Link } from 'react-router';
import { buttonStyle } from '../ui/buttonStyle';
import { usePageTitle } from '../ui/usePageTitle';

export default function NotFound() {
  usePageTitle('Page not found');
  return (
    <div className="mx-auto grid max-w-md justify-items-start gap-3 py-20">
      <p className="font-mono text-sm text-muted">404</p>
      <h1 className="text-2xl font-semibold">There is no page here</h1>
      <p className="text-muted">The address may be mistyped, or what it pointed to is gone.</p>
      <Link to="/" className={`${buttonStyle('primary')} mt-2`}>
        Go to the start page
      </Link>
    </div>
  );
}
