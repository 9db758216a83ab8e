import { screen } from '@testing-library/react';
import { Route, Routes } from 'react-router';
import { afterEach, beforeEach } from 'vitest';
import type { Project } from '../api/types';
import NewProjectPage from '../projects/NewProjectPage';
import ProjectPage from '../projects/ProjectPage';
import ProjectsPage from '../projects/ProjectsPage';
import { Toasts } from '../ui/Toasts';
import { ApiServer, session } from './apiServer';
import { detail, item } from './deployments';
import { organizations, project } from './projects';
import { renderAt } from './renderApp';

/** What tests of projects share: the server, and the project as it is there now. */
export interface ServedProject {
  server: ApiServer;
  current: Project;
}

const traffic = {
  total: { requests: 1234, bytes: 1_048_576, status2xx: 1200, status3xx: 0, status4xx: 34, status5xx: 0 },
  hours: [],
  topPaths: [{ path: '/index.html', requests: 1000 }],
};

/** Serves `project-1` to each test of the file. */
export function serveProjects(): ServedProject {
  const shop = {} as ServedProject;
  beforeEach(async () => {
    const server = await ApiServer.start();
    Object.assign(shop, { server, current: project() });
    server.on('GET /api/auth/session', { body: session });
    server.on('GET /api/organizations', organizations());
    server.on('GET /api/projects/project-1', () => ({ body: shop.current }));
    server.on('GET /api/projects/project-1/traffic', { body: traffic });
    server.on('GET /api/deployments/dep-1', { body: detail('success') });
    server.on('GET /api/deployments', { body: { deployments: [item()], pagination: { currentPage: 1, totalPages: 1, totalItems: 1 }, nextCursor: null } });
  });
  afterEach(() => shop.server.stop());
  return shop;
}

export const address = () => screen.getByLabelText('Address').textContent;
export const button = (name: string) => screen.getByRole('button', { name });

export function openProjects(path = '/projects/project-1') {
  return renderAt(
    path,
    <>
      <Routes>
        <Route path="/projects" element={<ProjectsPage />} />
        <Route path="/projects/new" element={<NewProjectPage />} />
        <Route path="/projects/:id/:tab?" element={<ProjectPage />} />
        <Route path="/deployments/:id" element={<h1>The deployment</h1>} />
      </Routes>
      <Toasts />
    </>,
  );
}
