const words: Record<string, string> = {
  OAUTH_DENIED: 'You did not allow the sign-in there. Nothing was changed.',
  OAUTH_STATE_INVALID: 'That sign-in began too long ago, or in another browser. Try it again.',
  OAUTH_FAILED: 'The provider did not complete the sign-in. Try it again, or sign in another way.',
  EMAIL_MISSING: 'The provider tells no email address of yours, and an account needs one.',
  EMAIL_TAKEN: 'There is an account with this address. Sign in to it, then connect the provider in the settings.',
  ACCOUNT_UNVERIFIED:
    'There is an account with this address whose owner has not confirmed it yet. Confirm the address first, then connect the provider.',
  ACCOUNT_DISABLED: 'This account was closed by an administrator.',
  LOGIN_IN_USE: 'This login belongs to another account already.',
  PROVIDER_ALREADY_LINKED: 'Your account has another login of this provider. Disconnect that one first.',
  SESSION_ENDED: 'You were signed out meanwhile. Sign in and try again.',
};

/** What a code in the address of the login page means. */
export function oauthError(code: string): string {
  return words[code] ?? 'The sign-in did not work. Try it again.';
}

const notices: Record<string, string> = {
  CONFIRM_EMAIL: 'We mailed you a link. Open it to confirm your address and finish the sign-in.',
  CONFIRM_LINK: 'There is an account with this address. We mailed you a link that connects the two.',
};

export function oauthNotice(code: string): string {
  return notices[code] ?? 'Look into your mailbox to go on.';
}
