import type { FieldErrors } from '../api/errors';
import { Field } from '../ui/Field';

interface TextSettingProps {
  name: string;
  label: string;
  value?: string | null;
  placeholder?: string;
  hint?: string;
  optional?: boolean;
  suggestions?: string[];
  errors: FieldErrors;
}

/** A line of text in a form that reads its fields when it is sent. */
export function TextSetting({ name, label, value, placeholder, hint, optional, suggestions, errors }: TextSettingProps) {
  return (
    <Field label={label} hint={hint} optional={optional} errors={errors[name]}>
      {(control) => (
        <>
          <input
            {...control}
            name={name}
            list={suggestions && `${control.id}-list`}
            defaultValue={value ?? ''}
            placeholder={placeholder}
            maxLength={name === 'name' ? 100 : undefined}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="control"
          />
          {suggestions && (
            <datalist id={`${control.id}-list`}>
              {suggestions.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}
