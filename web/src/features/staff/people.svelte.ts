import { CommandId, repeat, reasonOf } from '../../api/again';
import { answer, api } from '../../api/client';
import { Failure } from '../../api/failure';
import type { Invite, InviteMade, Role, StaffList, StaffMember } from '../../api/types';
import { t } from '../../app/strings';
import { ulid } from '../../app/ulid';
import type { Live } from '../../live/live.svelte';
import type { Toasts } from '../toasts/toasts.svelte';

/** Who works here and who is invited, kept true while the page is open; and what an admin does about them. */
export class People {
  known = $state.raw<StaffList | null>(null);
  invites = $state.raw<readonly Invite[]>([]);
  failed = $state(false);
  /** The link that was just made: it is told once. */
  made = $state.raw<InviteMade | null>(null);
  /** Why no link was made. */
  refused = $state('');
  /** What is under way, so that it is not asked for twice. */
  busy = $state(false);
  readonly #toasts: Toasts;
  readonly #inviting = new CommandId();
  #asked = 0;

  constructor(toasts: Toasts) {
    this.#toasts = toasts;
    void this.load();
  }

  /** What other admins do is seen at once; until the returned function is called. */
  follow(live: Live): () => void {
    const news = new Set(['staff.updated', 'reload', 'ready']);
    return live.listen((batch) => {
      if (batch.some(({ type }) => news.has(type))) void this.load();
    });
  }

  get working(): readonly StaffMember[] {
    return this.known?.staff.filter(({ disabled_at }) => !disabled_at) ?? [];
  }

  get left(): readonly StaffMember[] {
    return this.known?.staff.filter(({ disabled_at }) => disabled_at) ?? [];
  }

  /** Nobody else could manage the business. */
  isOnlyAdmin(person: StaffMember): boolean {
    return person.role === 'admin' && this.working.filter(({ role }) => role === 'admin').length === 1;
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const [staff, { invites }] = await Promise.all([
        answer(api.GET('/api/staff')),
        answer(api.GET('/api/invites')),
      ]);
      if (asked !== this.#asked) return;
      [this.known, this.invites, this.failed] = [staff, invites, false];
      // Somebody came by it, or it was taken back elsewhere.
      if (this.made && !invites.some(({ id }) => id === this.made?.invite.id)) this.made = null;
    } catch {
      if (asked === this.#asked) this.failed = this.known === null;
    }
  }

  setRole({ id, name }: StaffMember, role: Role, called: string): Promise<boolean> {
    const body = { id: ulid(), role };
    return this.#change(
      () => api.PUT('/api/staff/{id}/role', { params: { path: { id } }, body }),
      t('staff.roleSaved', { name, role: called }),
    );
  }

  setAccess({ id }: StaffMember, allowed: boolean): Promise<boolean> {
    const body = { id: ulid(), allowed };
    return this.#change(() =>
      api.PUT('/api/staff/{id}/full-chat-access', { params: { path: { id } }, body }),
    );
  }

  setDisabled({ id, name }: StaffMember, disabled: boolean): Promise<boolean> {
    const body = { id: ulid(), disabled };
    return this.#change(
      () => api.PUT('/api/staff/{id}/disabled', { params: { path: { id } }, body }),
      disabled ? t('staff.disabled', { name }) : t('staff.enabled', { name }),
    );
  }

  setPhone({ id, name }: StaffMember, phone: string | null): Promise<boolean> {
    const body = { id: ulid(), phone };
    return this.#change(
      () => api.PUT('/api/staff/{id}/phone', { params: { path: { id } }, body }),
      phone === null ? t('staff.phoneRemoved', { name }) : t('staff.phoneSaved', { name }),
    );
  }

  signOut({ id, name }: StaffMember): Promise<boolean> {
    const body = { id: ulid() };
    return this.#change(
      () => api.POST('/api/staff/{id}/sign-out', { params: { path: { id } }, body }),
      t('staff.signedOut', { name }),
    );
  }

  setTechniciansText(technicians_text: boolean): Promise<boolean> {
    const body = { id: ulid(), technicians_text };
    return this.#change(() => api.PUT('/api/settings/technicians', { body }));
  }

  revoke({ id, email }: Invite): Promise<boolean> {
    if (this.made?.invite.id === id) this.made = null;
    return this.#change(
      () => api.DELETE('/api/invites/{id}', { params: { path: { id } } }),
      t('staff.revoked', { email }),
    );
  }

  /** True once there is a link. */
  async invite(email: string, role: Role, full_chat_access: boolean): Promise<boolean> {
    if (this.busy) return false;
    [this.busy, this.made, this.refused] = [true, null, ''];
    const wanted = { email, role, full_chat_access };
    const body = { ...wanted, id: this.#inviting.of(wanted) };
    try {
      this.made = await repeat(() => answer(api.POST('/api/invites', { body })));
      this.#inviting.end();
      void this.load();
      return true;
    } catch (cause) {
      // The same asked for after a refusal is another invitation.
      if (!Failure.from(cause).passing) this.#inviting.end();
      this.refused = reasonOf(cause);
      return false;
    } finally {
      this.busy = false;
    }
  }

  async #change(ask: () => Parameters<typeof answer>[0], said = ''): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      await repeat(() => answer(ask()));
      if (said) this.#toasts.say('okc', said);
      return true;
    } catch (cause) {
      this.#toasts.say('alert', t('staff.notDone', { reason: reasonOf(cause) }));
      return false;
    } finally {
      this.busy = false;
      await this.load();
    }
  }
}
