import { useQueryClient } from '@tanstack/react-query';
import { deleteNotification, deleteNotifications, readNotification, readNotifications } from '../api/notifications';
import { toast } from '../ui/toastStore';
import { notificationsKey } from './queries';

/** Marks and deletes, and lets all lists and the bell know. */
export function useNotificationActions() {
  const queries = useQueryClient();

  async function change(failed: string, work: () => Promise<unknown>) {
    try {
      await work();
    } catch (error) {
      toast.error(failed, error);
    }
    await queries.invalidateQueries({ queryKey: notificationsKey });
  }

  return {
    read: (id: string) => void change('It was not marked as read', () => readNotification(id)),
    readAll: (upTo: number) => void change('They were not marked as read', () => readNotifications(upTo)),
    remove: (id: string) => void change('The notification was not deleted', () => deleteNotification(id)),
    removeAll: () => void change('The notifications were not deleted', deleteNotifications),
  };
}
