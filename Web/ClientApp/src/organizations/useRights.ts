import { useSession } from '../session/useSession';
import { useAllOrganizations } from './queries';
import { isAtLeast } from './roles';

interface Rights {
  deploy: boolean;
  manage: boolean;
  /** False while it is not known yet: nothing is said of missing rights until then. */
  known: boolean;
}

/** What the reader may do with what an owner has: as the server decides it, which has the last word. */
export function useRights(owner: string | undefined): Rights {
  const session = useSession();
  const own = owner !== undefined && session.data?.user.id === owner;
  const organizations = useAllOrganizations(owner !== undefined && Boolean(session.data) && !own);
  if (own) return { deploy: true, manage: true, known: true };
  const role = organizations.data?.find(({ id }) => id === owner)?.role;
  return {
    deploy: role !== undefined && isAtLeast(role, 'developer'),
    manage: role !== undefined && isAtLeast(role, 'admin'),
    known: organizations.isFetched,
  };
}
