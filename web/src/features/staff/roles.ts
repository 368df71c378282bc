import type { Role } from '../../api/types';
import { t } from '../../app/strings';

/** What somebody can be, in the order in which it is offered. */
export const ROLES: readonly { role: Role; name: string; note: string }[] = [
  { role: 'technician', name: t('staff.technician'), note: t('staff.technicianNote') },
  { role: 'office', name: t('staff.office'), note: t('staff.officeNote') },
  { role: 'admin', name: t('staff.admin'), note: t('staff.adminNote') },
];

export const roleName = (role: Role): string => ROLES.find((one) => one.role === role)?.name ?? role;
