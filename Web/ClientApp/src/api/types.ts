/*
 * The contract of the Api as the client sees it. Written by hand until it is generated from the Api's OpenAPI
 * document; nothing else in the client describes a wire shape.
 */

export type DeploymentStatus = 'queued' | 'building' | 'deploying' | 'success' | 'failed' | 'cancelled';

export interface User {
  id: string;
  name: string;
  email: string;
  avatarUrl: string | null;
  emailVerified: boolean;
  role: string;
}

export interface Session {
  user: User;
  csrfToken: string;
  expiresAt: string;
}

export interface SignedIn {
  user: User;
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
  csrfToken: string;
}

/** The password was right; a code is asked for. */
export interface SecondStep {
  twoFactorRequired: true;
  twoFactorToken: string;
  expiresIn: number;
  methods: string[];
}

export interface Provider {
  id: string;
  name: string;
  url: string;
}

export interface Profile {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  avatarUrl: string | null;
  userType: string | null;
  hostingOption: string | null;
  twoFactorEnabled: boolean;
  hasPassword: boolean;
}

export interface Preferences {
  theme: 'light' | 'dark' | 'system';
  emailNotifications: boolean;
  deploymentSuccessNotifications: boolean;
  deploymentFailureNotifications: boolean;
}

export interface DeviceSession {
  id: string;
  device: string;
  ipAddress: string | null;
  current: boolean;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
}

export interface TwoFactorStatus {
  enabled: boolean;
  enabledAt: string | null;
  recoveryCodesLeft: number;
}

export interface TwoFactorSetup {
  secret: string;
  otpauthUri: string;
  qrCode: string;
}

export interface RecoveryCodes {
  recoveryCodes: string[];
}

export interface SignUpRequest {
  name: string;
  email: string;
  password: string;
}

export interface LoginRequest {
  email: string;
  password: string;
  rememberMe?: boolean;
}

export interface DeploymentItem {
  id: string;
  repo: string;
  branch: string;
  status: DeploymentStatus;
  author: string | null;
  commit: string | null;
  duration: string | null;
  timestamp: string;
  url: string | null;
}

export interface Pagination {
  currentPage: number;
  totalPages: number;
  totalItems: number;
}

export interface DeploymentPage {
  deployments: DeploymentItem[];
  pagination: Pagination;
}

export type StageStatus = 'pending' | 'in_progress' | 'completed' | 'failed';

export interface DeploymentStage {
  name: string;
  status: StageStatus;
  timestamp: string | null;
  completedAt: string | null;
  error: string | null;
}

export interface DeploymentDetail extends DeploymentItem {
  projectId: string;
  project: string;
  commitMessage: string | null;
  immutableUrl: string | null;
  error: { code: string; message: string } | null;
  stages: DeploymentStage[];
  logs: string[];
  logsTotal: number;
  lastSeq: number;
}

export interface CreateDeploymentRequest {
  repository: string;
  branch: string;
  rootDir?: string;
  installCommand?: string;
  buildCommand?: string;
  outputDir?: string;
  envVars?: Record<string, string>;
}

export interface LogLine {
  seq: number;
  timestamp: string;
  level: string;
  message: string;
}

export interface LogPage {
  lines: LogLine[];
  lastSeq: number;
  total: number;
}

export type LogFrame =
  | ({ type: 'log' } & LogLine)
  | { type: 'status_update'; status: DeploymentStatus; stage: string }
  | { type: 'deployment_complete'; status: DeploymentStatus; duration: string | null; url: string | null };

export interface Sample {
  name: string;
  title: string;
  description: string;
}

export interface Language {
  id: string;
  name: string;
  version: string;
  example: string;
  ready: boolean;
}

export type RunStatus =
  | 'ok'
  | 'runtime_error'
  | 'time_limit'
  | 'idle_limit'
  | 'memory_limit'
  | 'output_limit'
  | 'signalled'
  | 'compile_error'
  | 'internal_error'
  | 'cancelled';

export interface RunRequest {
  language: string;
  code: string;
  stdin?: string;
  args?: string[];
}

export interface RunResult {
  id: string;
  status: RunStatus;
  stdout: string;
  /** `base64` for output that is no UTF-8. */
  stdoutEncoding: 'utf8' | 'base64';
  stderr: string;
  stderrEncoding: 'utf8' | 'base64';
  exitCode: number | null;
  signal: string | null;
  timeMs: number;
  cpuTimeMs: number | null;
  memoryKb: number | null;
  truncated: { stdout: boolean; stderr: boolean };
  message: string | null;
}

export interface ErrorEnvelope {
  error: { code: string; message: string; statusCode: number; details?: unknown };
}
