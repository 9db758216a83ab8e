import clsx from 'clsx';
import { useEffect, useState } from 'react';
import { api } from '../api/client';

interface AvatarProps {
  name: string;
  url: string | null;
  size?: 'small' | 'large';
}

/** The picture of a person, or the first letters of the name. The name itself stands beside it. */
export function Avatar({ name, url, size = 'small' }: AvatarProps) {
  const source = useAddress(url);
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span
      aria-hidden
      className={clsx(
        'grid shrink-0 place-items-center overflow-hidden rounded-full bg-accent-soft font-semibold text-accent',
        size === 'small' ? 'size-8 text-xs' : 'size-16 text-lg',
      )}
    >
      {source && source !== broken ? (
        <img src={source} alt="" className="size-full object-cover" onError={() => setBroken(source)} />
      ) : (
        initials(name)
      )}
    </span>
  );
}

/** Pictures that were uploaded lie at the Api, which may be elsewhere. */
function useAddress(url: string | null): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!url) return;
    let wanted = true;
    api.address(url).then(
      (found) => {
        if (wanted) setAddress(found);
      },
      // Without it there are the letters.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [url]);
  return url ? address : null;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters.map((word) => Array.from(word ?? '')[0] ?? '').join('').toUpperCase();
}
