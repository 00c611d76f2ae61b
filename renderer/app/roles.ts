import { ROLES, type Role } from '../../shared/contract/index.ts';
import { useQuery } from '../api/use-query.ts';

const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role);

/** True when a role may do what needs `least`. */
export const mayDo = (role: string, least: Role): boolean => isRole(role) && ROLES.indexOf(role) >= ROLES.indexOf(least);

/** Whether the person at work may do what needs `least`; false until it is known who that is. */
export const useMay = (least: Role): boolean => {
  const role = useQuery('app.info', {}).data?.user.role;
  return role !== undefined && mayDo(role, least);
};
