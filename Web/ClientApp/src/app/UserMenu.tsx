import { Building2, LogOut, Settings, ShieldCheck, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { User } from '../api/types';
import { useLeaveSession } from '../session/useSession';
import { ThemeSwitch } from '../theme/ThemeSwitch';
import { Avatar } from '../ui/Avatar';
import { buttonStyle } from '../ui/buttonStyle';
import { toast } from '../ui/toastStore';
import { useDisclosure } from '../ui/useDisclosure';

export function UserMenu({ user }: { user: User }) {
  const { open, setOpen, panel, box, trigger, onKeyDown } = useDisclosure();
  const [leaving, setLeaving] = useState(false);
  const leave = useLeaveSession();

  async function signOut() {
    setLeaving(true);
    try {
      await leave();
    } catch (error) {
      setLeaving(false);
      toast.error('You are still signed in', error);
    }
  }

  return (
    <div ref={box} className="relative" onKeyDown={onKeyDown}>
      <button
        ref={trigger}
        type="button"
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
        className="rounded-full"
      >
        <Avatar name={user.name || user.email} url={user.avatarUrl} />
        <span className="sr-only">Account menu</span>
      </button>
      <div
        id={panel}
        hidden={!open}
        className="panel absolute top-full right-0 z-30 mt-2 w-64 max-w-[calc(100vw-2rem)] p-1.5 shadow-raised"
      >
        <div className="px-2.5 py-2">
          <p className="truncate font-medium">{user.name}</p>
          <p className="truncate text-[0.8125rem] text-muted">{user.email}</p>
        </div>
        <div className="flex items-center justify-between border-y border-line px-2.5 py-2">
          <span className="text-muted">Theme</span>
          <ThemeSwitch name="menu-theme" />
        </div>
        <div className="grid pt-1.5">
          <MenuLink to="/settings" Icon={Settings} label="Settings" onGo={() => setOpen(false)} />
          <MenuLink to="/organizations" Icon={Building2} label="Organizations" onGo={() => setOpen(false)} />
          {user.role === 'admin' && <MenuLink to="/admin/users" Icon={ShieldCheck} label="Administration" onGo={() => setOpen(false)} />}
        </div>
        <button
          type="button"
          onClick={() => void signOut()}
          disabled={leaving}
          className={`${buttonStyle('quiet')} w-full justify-start px-2.5`}
        >
          <LogOut aria-hidden className="size-4" /> {leaving ? 'Signing out…' : 'Sign out'}
        </button>
      </div>
    </div>
  );
}

function MenuLink({ to, Icon, label, onGo }: { to: string; Icon: LucideIcon; label: string; onGo: () => void }) {
  return (
    <Link to={to} onClick={onGo} className={`${buttonStyle('quiet')} w-full justify-start px-2.5`}>
      <Icon aria-hidden className="size-4" /> {label}
    </Link>
  );
}
