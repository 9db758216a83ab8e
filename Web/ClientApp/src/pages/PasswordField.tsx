import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { Field } from '../ui/Field';

interface PasswordFieldProps {
  autoComplete: 'current-password' | 'new-password';
  hint?: string;
  errors?: string[];
}

export function PasswordField({ autoComplete, hint, errors }: PasswordFieldProps) {
  const [visible, setVisible] = useState(false);
  const Icon = visible ? EyeOff : Eye;
  return (
    <Field label="Password" hint={hint} errors={errors}>
      {(control) => (
        <div className="relative">
          <input
            {...control}
            name="password"
            type={visible ? 'text' : 'password'}
            autoComplete={autoComplete}
            className="control pr-10"
          />
          <button
            type="button"
            aria-pressed={visible}
            aria-label="Show what you type"
            onClick={() => setVisible(!visible)}
            className="absolute inset-y-0 right-0 grid w-9 place-items-center text-muted hover:text-ink"
          >
            <Icon aria-hidden className="size-4" />
          </button>
        </div>
      )}
    </Field>
  );
}
