import { api } from './client';
import type {
  ChangeEmailRequest,
  ChangePasswordRequest,
  DeviceSession,
  Logins,
  Onboarding,
  OnboardingRequest,
  Preferences,
  Profile,
  Proof,
  Provider,
  RecoveryCodes,
  SecondStep,
  Session,
  SignedIn,
  TwoFactorSetup,
  TwoFactorStatus,
} from './types';

export function isSecondStep(answer: SignedIn | SecondStep): answer is SecondStep {
  return 'twoFactorRequired' in answer;
}

/** The session, or what the second step needs. */
export async function enterWith(path: string, body: unknown): Promise<Session | SecondStep> {
  const answer = await api.call<SignedIn | SecondStep>(path, { method: 'POST', body });
  return isSecondStep(answer) ? answer : api.adopt(answer);
}

export const verifyTwoFactor = async (twoFactorToken: string, code: string): Promise<Session> =>
  api.adopt(await api.call<SignedIn>('/api/auth/2fa/verify', { method: 'POST', body: { twoFactorToken, code } }));

export const listProviders = async (signal?: AbortSignal): Promise<Provider[]> =>
  (await api.call<{ providers: Provider[] }>('/api/auth/providers', { signal })).providers;

export function providerUrl(provider: Provider, returnUrl: string): Promise<string> {
  return api.address(provider.url, { returnUrl });
}

export const verifyEmail = (body: { token: string } | { email: string; code: string }): Promise<unknown> =>
  api.call('/api/auth/verify-email', { method: 'POST', body });

export const resendVerification = (email: string): Promise<unknown> =>
  api.call('/api/auth/resend-verification', { method: 'POST', body: { email } });

export const forgotPassword = (email: string): Promise<unknown> =>
  api.call('/api/auth/forgot-password', { method: 'POST', body: { email } });

export const resetPassword = (token: string, password: string): Promise<unknown> =>
  api.call('/api/auth/reset-password', { method: 'POST', body: { token, password } });

export const getProfile = (signal?: AbortSignal): Promise<Profile> => api.call('/api/user/profile', { signal });

export const saveProfile = (body: { name: string }): Promise<Profile> =>
  api.call('/api/user/profile', { method: 'PUT', body });

export const getPreferences = (signal?: AbortSignal): Promise<Preferences> => api.call('/api/user/preferences', { signal });

export const savePreferences = (body: Preferences): Promise<Preferences> =>
  api.call('/api/user/preferences', { method: 'PUT', body });

export const changePassword = (body: ChangePasswordRequest): Promise<unknown> =>
  api.call('/api/user/password', { method: 'PUT', body });

/** Begins to move the account to another address; the mail to it has a link and a code. */
export const changeEmail = (body: ChangeEmailRequest): Promise<{ email: string; expiresIn: number }> =>
  api.call('/api/user/email', { method: 'PUT', body });

export const confirmEmail = (body: { token: string } | { code: string }): Promise<{ email: string }> =>
  api.call('/api/user/email/confirm', { method: 'POST', body });

export const undoEmail = (token: string): Promise<{ email: string }> =>
  api.call('/api/user/email/undo', { method: 'POST', body: { token } });

export const uploadAvatar = (picture: Blob): Promise<{ avatarUrl: string }> =>
  api.call('/api/user/avatar', { method: 'PUT', body: picture });

export const removeAvatar = (): Promise<unknown> => api.call('/api/user/avatar', { method: 'DELETE' });

export const exportAccount = (): Promise<unknown> => api.call('/api/user/export');

export const listLogins = (signal?: AbortSignal): Promise<Logins> => api.call('/api/user/logins', { signal });

/** Where to send the browser to connect a provider. */
export const connectLogin = async (provider: string, returnUrl: string): Promise<string> =>
  (await api.call<{ url: string }>(`/api/user/logins/${encodeURIComponent(provider)}`, { method: 'POST', body: { returnUrl } })).url;

export const disconnectLogin = (provider: string): Promise<unknown> =>
  api.call(`/api/user/logins/${encodeURIComponent(provider)}`, { method: 'DELETE' });

export const getOnboarding = (signal?: AbortSignal): Promise<Onboarding> => api.call('/api/user/onboarding', { signal });

export const saveOnboarding = (body: OnboardingRequest): Promise<Onboarding> =>
  api.call('/api/user/onboarding', { method: 'PUT', body });

export const deleteAccount = (proof: Proof): Promise<unknown> =>
  api.call('/api/user/account', { method: 'DELETE', body: proof });

export const listSessions = async (signal?: AbortSignal): Promise<DeviceSession[]> =>
  (await api.call<{ sessions: DeviceSession[] }>('/api/auth/sessions', { signal })).sessions;

export const endSession = (id: string): Promise<unknown> =>
  api.call(`/api/auth/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const endOtherSessions = (): Promise<unknown> => api.call('/api/auth/sessions', { method: 'DELETE' });

export const getTwoFactor = (signal?: AbortSignal): Promise<TwoFactorStatus> => api.call('/api/auth/2fa', { signal });

export const setUpTwoFactor = (proof: Proof): Promise<TwoFactorSetup> =>
  api.call('/api/auth/2fa/setup', { method: 'POST', body: proof });

export const enableTwoFactor = (code: string): Promise<RecoveryCodes> =>
  api.call('/api/auth/2fa/enable', { method: 'POST', body: { code } });

export const disableTwoFactor = (proof: Proof): Promise<unknown> =>
  api.call('/api/auth/2fa/disable', { method: 'POST', body: proof });

export const renewRecoveryCodes = (proof: Proof): Promise<RecoveryCodes> =>
  api.call('/api/auth/2fa/recovery-codes', { method: 'POST', body: proof });
