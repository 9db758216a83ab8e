import { QueryClientProvider } from '@tanstack/react-query';
import { lazy } from 'react';
import { Route, Routes } from 'react-router';
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
const Settings = lazy(() => import('../settings/SettingsPage'));
const Dashboard = lazy(() => import('../pages/Dashboard'));
const Deploy = lazy(() => import('../deploy/DeployPage'));
const Deployments = lazy(() => import('../deployments/DeploymentsPage'));
const DeploymentDetail = lazy(() => import('../deployments/DeploymentDetailPage'));
const Run = lazy(() => import('../run/RunPage'));
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
        </Route>
        <Route element={<AppShell />}>
          <Route path="run" element={<Run />} />
          <Route element={<RequireSession />}>
            <Route path="dashboard" element={<Dashboard />} />
            <Route path="deploy" element={<Deploy />} />
            <Route path="settings/:tab?" element={<Settings />} />
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
