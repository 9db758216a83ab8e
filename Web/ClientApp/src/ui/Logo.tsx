export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 text-[0.9375rem] font-semibold tracking-tight text-ink">
      <svg aria-hidden viewBox="0 0 20 20" className="size-5">
        <path d="M10 2 18 6l-8 4-8-4Z" fill="currentColor" />
        <path
          d="m2 10 8 4 8-4M2 14l8 4 8-4"
          fill="none"
          stroke="var(--accent)"
          strokeWidth="1.8"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      </svg>
      Autostack
    </span>
  );
}
