import { QueryClientProvider } from '@tanstack/react-query';
import { lazy } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { AuthLayout } from './AuthLayout';
import { AppShell } from './AppShell';
import { queryClient } from './queryClient';
import { RequireSession } from '../session/RequireSession';
import { Toasts } from '../ui/Toasts';

const Login = lazy(() => import('../pages/Login'));
const SignUp = lazy(() => import('../pages/SignUp'));
const ForgotPassword = lazy(() => import('../pages/ForgotPassword'));
const ResetPassword = lazy(() => import('../pages/ResetPassword'));
const VerifyEmail = lazy(() => import('../pages/VerifyEmail'));
const ConfirmEmail = lazy(async () => ({ default: (await import('../pages/EmailLink')).ConfirmEmail }));
const UndoEmail = lazy(async () => ({ default: (await import('../pages/EmailLink')).UndoEmail }));
const Invitation = lazy(() => import('../invitations/InvitationPage'));
const Welcome = lazy(() => import('../welcome/WelcomePage'));
const Organizations = lazy(() => import('../organizations/OrganizationsPage'));
const Organization = lazy(() => import('../organizations/OrganizationPage'));
const Admin = lazy(() => import('../admin/AdminLayout'));
const AdminUsers = lazy(() => import('../admin/AdminUsersPage'));
const AdminAudit = lazy(() => import('../admin/AdminAuditPage'));
const Settings = lazy(() => import('../settings/SettingsPage'));
const Dashboard = lazy(() => import('../pages/Dashboard'));
const Deploy = lazy(() => import('../deploy/DeployPage'));
const Deployments = lazy(() => import('../deployments/DeploymentsPage'));
const DeploymentDetail = lazy(() => import('../deployments/DeploymentDetailPage'));
const Projects = lazy(() => import('../projects/ProjectsPage'));
const NewProject = lazy(() => import('../projects/NewProjectPage'));
const Project = lazy(() => import('../projects/ProjectPage'));
const Notifications = lazy(() => import('../notifications/NotificationsPage'));
const Run = lazy(() => import('../run/RunPage'));
const SharedSnippet = lazy(() => import('../snippets/SharedSnippetPage'));
const NotFound = lazy(() => import('../pages/NotFound'));

export default function AppRoutes() {
  return (
    <QueryClientProvider client={queryClient}>
      <Routes>
        <Route element={<AuthLayout />}>
          <Route path="login" element={<Login />} />
          <Route path="signup" element={<SignUp />} />
          <Route path="forgot-password" element={<ForgotPassword />} />
          <Route path="reset-password" element={<ResetPassword />} />
          <Route path="verify-email" element={<VerifyEmail />} />
          <Route path="confirm-email" element={<ConfirmEmail />} />
          <Route path="undo-email" element={<UndoEmail />} />
          <Route path="invitations" element={<Invitation />} />
        </Route>
        <Route element={<AppShell />}>
          <Route path="run" element={<Run />} />
          <Route path="s/:shareId" element={<SharedSnippet />} />
          <Route element={<RequireSession />}>
            <Route path="dashboard" element={<Dashboard />} />
            <Route path="deploy" element={<Deploy />} />
            <Route path="welcome" element={<Welcome />} />
            <Route path="onboarding" element={<ToWelcome />} />
            <Route path="settings/:tab?" element={<Settings />} />
            <Route path="organizations" element={<Organizations />} />
            <Route path="organizations/:id/:tab?" element={<Organization />} />
            <Route path="admin" element={<Admin />}>
              <Route index element={<Navigate to="users" replace />} />
              <Route path="users" element={<AdminUsers />} />
              <Route path="audit" element={<AdminAudit />} />
            </Route>
            <Route path="projects" element={<Projects />} />
            <Route path="projects/new" element={<NewProject />} />
            <Route path="projects/:id/:tab?" element={<Project />} />
            <Route path="notifications" element={<Notifications />} />
            <Route path="deployments" element={<Deployments />} />
            <Route path="deployments/:id" element={<DeploymentDetail />} />
          </Route>
          <Route path="*" element={<NotFound />} />
        </Route>
      </Routes>
      <Toasts />
    </QueryClientProvider>
  );
}

/** The Api's own name of the page, used where a detour to GitHub lost the way. */
function ToWelcome() {
  return <Navigate to={{ pathname: '/welcome', search: useLocation().search }} replace />;
}
