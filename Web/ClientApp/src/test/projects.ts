import type { Domain, Project, ProjectItem, SiteSettings } from '../api/types';

const site: SiteSettings = { protection: 'off', hasPassword: false, spaFallback: null, keepDeployments: null, keepBytes: null, assetHours: null };

export function project(part: Partial<Project> = {}): Project {
  return {
    id: 'project-1',
    owner: 'user-1',
    name: 'storefront',
    slug: 'storefront',
    repository: 'https://github.com/acme/storefront',
    repo: 'acme/storefront',
    branch: 'main',
    rootDir: 'apps/web',
    installCommand: null,
    buildCommand: 'make site',
    outputDir: null,
    nodeVersion: null,
    submodules: false,
    autoDeploy: true,
    watchPaths: ['apps/web/**'],
    url: 'http://storefront.apps.localhost:8080',
    productionDeploymentId: 'dep-1',
    productionPinned: false,
    site,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    ...part,
  };
}

export function projectItem(part: Partial<ProjectItem> = {}): ProjectItem {
  const { id, owner, name, slug, repo, branch, url, productionDeploymentId, createdAt } = project();
  return { id, owner, name, slug, repo, branch, url, productionDeploymentId, lastStatus: 'success', lastDeploymentAt: '2026-01-20T10:30:00Z', createdAt, ...part };
}

export function domain(part: Partial<Domain> = {}): Domain {
  return {
    id: 'dom-1',
    host: 'www.example.com',
    status: 'pending',
    primary: false,
    problem: null,
    record: { type: 'TXT', name: '_autostack.www.example.com', value: 'autostack-verify=abc' },
    alias: 'storefront.apps.example',
    verifiedAt: null,
    checkedAt: null,
    ...part,
  };
}

export const organization = (role: string, id = 'org-1') => ({ id, name: 'Acme', slug: 'acme', role, memberCount: 2, createdAt: '2026-01-01T00:00:00Z' });

export const organizations = (...all: ReturnType<typeof organization>[]) => ({
  body: { organizations: all, pagination: { currentPage: 1, totalPages: 1, totalItems: all.length } },
});
