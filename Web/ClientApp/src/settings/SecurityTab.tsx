import { Loaded } from './Loaded';
import { LoginsSection } from './LoginsSection';
import { PasswordSection } from './PasswordSection';
import { useProfile } from './profile';
import { SessionsSection } from './SessionsSection';
import { TwoFactorSection } from './TwoFactorSection';

export function SecurityTab() {
  const profile = useProfile();
  return (
    <>
      <Loaded query={profile} title="Your profile could not be loaded">
        {(data) => (
          <>
            <PasswordSection profile={data} />
            <LoginsSection />
            <TwoFactorSection hasPassword={data.hasPassword} />
          </>
        )}
      </Loaded>
      <SessionsSection />
    </>
  );
}
