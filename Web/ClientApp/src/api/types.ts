/*
 * The names by which the client knows the shapes of the Api. They come from its OpenAPI document (schema.ts); what is
 * written by hand here is what the document cannot say: words that a string is limited to, and frames of sockets.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

/** A body in which only some fields must be told: the document calls the others nullable, and leaving out means null. */
type Body<T, Needed extends keyof T = never> = { [K in Needed]: NonNullable<T[K]> } & {
  [K in Exclude<keyof T, Needed>]?: NonNullable<T[K]>;
};

export type DeploymentStatus = 'queued' | 'building' | 'deploying' | 'success' | 'failed' | 'cancelled';

export type User = Schemas['UserResponse'];
export type Session = Schemas['SessionResponse'];
export type SignedIn = Schemas['AuthResponse'];

/** The password was right; a code is asked for. */
export type SecondStep = Schemas['SecondFactorResponse'];
export type Provider = Schemas['ProviderResponse'];
export type Profile = Schemas['ProfileResponse'];
export type Preferences = Omit<Schemas['PreferencesResponse'], 'theme'> & { theme: 'light' | 'dark' | 'system' };
export type DeviceSession = Schemas['DeviceSessionResponse'];
export type TwoFactorStatus = Schemas['TwoFactorStatusResponse'];
export type TwoFactorSetup = Schemas['TwoFactorSetupResponse'];
export type RecoveryCodes = Schemas['RecoveryCodesResponse'];
export type Proof = Body<Schemas['ProofRequest']>;
export type SignUpRequest = Body<Schemas['SignUpRequest'], 'name' | 'email' | 'password'>;
export type LoginRequest = Body<Schemas['LogInRequest'], 'email' | 'password'>;
export type ChangePasswordRequest = Body<Schemas['ChangePasswordRequest'], 'newPassword'>;
export type ChangeEmailRequest = Body<Schemas['ChangeEmailRequest'], 'email'>;
export type Logins = Schemas['LoginsResponse'];

export type Onboarding = Schemas['OnboardingResponse'];
export type OnboardingRequest = Body<Schemas['UpdateOnboardingRequest']>;

export type ApiToken = Schemas['ApiTokenResponse'];
export type CreatedApiToken = Schemas['CreatedApiTokenResponse'];
export type CreateApiTokenRequest = Body<Schemas['CreateApiTokenRequest'], 'name' | 'scopes'>;
export type ApiScopes = Schemas['ApiScopeListResponse'];

export type AuditEvent = Schemas['AuditEventResponse'];
export type AuditPage = Schemas['AuditListResponse'];

export type Pagination = Schemas['PaginationResponse'];
export type OrganizationRole = Schemas['OrganizationRole'];
export type Organization = Schemas['OrganizationResponse'];
export type OrganizationPage = Schemas['OrganizationListResponse'];
export type CreateOrganizationRequest = Body<Schemas['CreateOrganizationRequest'], 'name'>;
export type UpdateOrganizationRequest = Body<Schemas['UpdateOrganizationRequest']>;
export type Member = Schemas['MemberResponse'];
export type MemberPage = Schemas['MemberListResponse'];
export type Invitation = Schemas['InvitationResponse'];
export type InvitationPage = Schemas['InvitationListResponse'];
export type InvitationPreview = Schemas['InvitationPreviewResponse'];

export type AdminUser = Schemas['AdminUserResponse'];
export type AdminUserPage = Schemas['AdminUserListResponse'];

export type DeploymentEnvironment = 'production' | 'preview';
/** Who runs the code of a fork is asked first; null: nobody is asked. */
export type Approval = 'waiting' | 'approved' | null;

export type DeploymentItem = Omit<Schemas['DeploymentItemResponse'], 'status' | 'environment' | 'approval'> & {
  status: DeploymentStatus;
  environment: DeploymentEnvironment;
  approval: Approval;
};
export type DeploymentPage = Omit<Schemas['DeploymentListResponse'], 'deployments'> & { deployments: DeploymentItem[] };

export type StageStatus = 'pending' | 'in_progress' | 'completed' | 'failed';
export type DeploymentStage = Omit<Schemas['DeploymentStageResponse'], 'status'> & { status: StageStatus };
export type DeploymentDetail = Omit<Schemas['DeploymentDetailResponse'], 'status' | 'stages' | 'environment' | 'approval'> & {
  status: DeploymentStatus;
  stages: DeploymentStage[];
  environment: DeploymentEnvironment;
  approval: Approval;
};
export type DeploymentFailure = NonNullable<DeploymentDetail['error']>;
export type RedeployRequest = Body<Schemas['RedeployRequest']>;
export type DashboardFigures = Schemas['DashboardFiguresResponse'];
export type CreateDeploymentRequest = Omit<Body<Schemas['CreateDeploymentRequest'], 'repository' | 'branch'>, 'envVars'> & {
  envVars?: Record<string, string>;
};

export type ProjectItem = Omit<Schemas['ProjectItemResponse'], 'lastStatus'> & { lastStatus: DeploymentStatus | null };
export type ProjectPage = Omit<Schemas['ProjectListResponse'], 'projects'> & { projects: ProjectItem[] };
export type Protection = 'off' | 'previews' | 'all';
export type SiteSettings = Omit<Schemas['SiteSettingsResponse'], 'protection'> & { protection: Protection };
export type Project = Omit<Schemas['ProjectResponse'], 'site'> & { site: SiteSettings };
export type CreateProjectRequest = Body<Schemas['CreateProjectRequest'], 'repository' | 'branch'>;
/** What is null is detected, or the installation's default. */
export type UpdateProjectRequest = Omit<Schemas['UpdateProjectRequest'], 'site'> & {
  site?: Omit<SiteSettings, 'hasPassword'> & { password?: string };
};
export type Production = Schemas['ProductionResponse'];
export type Variable = Schemas['VariableResponse'];
export type VariableRequest = Body<Schemas['VariableRequest'], 'name'>;
export type Variables = Schemas['EnvironmentResponse'];
export type DomainStatus = 'pending' | 'verified' | 'failed';
export type Domain = Omit<Schemas['DomainResponse'], 'status'> & { status: DomainStatus };
export type Traffic = Schemas['TrafficResponse'];
export type TrafficHour = Schemas['TrafficHourResponse'];

export type Webhook = Schemas['WebhookResponse'];
export type WebhookSecret = Schemas['WebhookSecretResponse'];
export type CreateWebhookRequest = Body<Schemas['CreateWebhookRequest'], 'url' | 'events'>;
export type UpdateWebhookRequest = Body<Schemas['UpdateWebhookRequest'], 'url' | 'events' | 'enabled'>;
export type WebhookDelivery = Omit<Schemas['WebhookDeliveryResponse'], 'state'> & { state: 'pending' | 'delivered' | 'failed' };
export type WebhookDeliveryPage = { deliveries: WebhookDelivery[]; nextCursor: string | null };

export type GitHubConnection = Schemas['GitHubConnectionResponse'];
export type Repository = Schemas['RepositoryResponse'];
export type RepositoryPage = Schemas['RepositoryListResponse'];
export type BranchPage = Schemas['BranchListResponse'];
export type GitHubDelivery = Schemas['DeliveryResponse'];
export type GitHubDeliveryPage = Schemas['DeliveryListResponse'];

export type Notification = Schemas['NotificationResponse'];
export type NotificationPage = Schemas['NotificationListResponse'];
export type NotificationFrame = { type: 'unread'; unread: number; seq: number } | { type: 'notification'; seq: number; notification: Notification };

export type LogLine = Schemas['LogLineResponse'];
export type LogPage = Schemas['LogPageResponse'];
export type LogFrame =
  | ({ type: 'log' } & LogLine)
  | { type: 'status_update'; status: DeploymentStatus; stage: string }
  | { type: 'deployment_complete'; status: DeploymentStatus; duration: string | null; url: string | null };

export type Sample = Schemas['SampleResponse'];
export type Language = Schemas['LanguageResponse'];
export type RunStatus = Schemas['RunVerdict'];
export type RunRequest = Body<Schemas['ExecuteRequest'], 'language' | 'code'>;
export type RunResult = Omit<Schemas['ExecuteResponse'], 'stdoutEncoding' | 'stderrEncoding'> & {
  /** `base64` for output that is no UTF-8. */
  stdoutEncoding: 'utf8' | 'base64';
  stderrEncoding: 'utf8' | 'base64';
};

export type RunStage = 'queued' | 'compiling' | 'running';

/** The last frame of a program that was watched. */
export type RunExit = Pick<RunResult, 'status' | 'exitCode' | 'signal' | 'timeMs' | 'cpuTimeMs' | 'memoryKb' | 'truncated' | 'message'> & {
  type: 'exit';
  compile: { exitCode: number | null; signal: string | null; timeMs: number } | null;
};

export type RunFrame =
  | { type: 'stage'; stage: RunStage; session: string }
  | { type: 'progress'; message: string }
  | { type: 'stdout' | 'stderr'; data: string; encoding: 'utf8' | 'base64' }
  | RunExit
  | { type: 'error'; error: ErrorEnvelope['error'] };

export type Snippet = Schemas['SnippetResponse'];
export type SnippetFile = Schemas['SnippetFileResponse'];
export type RunSnippetRequest = Schemas['RunSnippetRequest'];

export interface ErrorEnvelope {
  error: { code: string; message: string; statusCode: number; details?: unknown };
}
