import { ThemeSwitch } from '../theme/ThemeSwitch';
import { useSavedTheme } from '../theme/useSavedTheme';
import { ErrorNotice } from '../ui/ErrorNotice';
import { Section } from './Section';

export function AppearanceTab() {
  const { error, save } = useSavedTheme();
  return (
    <Section title="Appearance" text="The theme of this browser; it is kept with your account, too.">
      {error !== null && <ErrorNotice title="Your choice holds in this browser only" error={error} />}
      <div>
        <ThemeSwitch name="settings-theme" onChoose={save} />
      </div>
    </Section>
  );
}
