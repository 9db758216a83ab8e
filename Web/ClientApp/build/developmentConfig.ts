import type { Plugin } from 'vite';

/** Stands in for the host's `/config.json` under `vite dev`, where `/api` is proxied and so has the page's own origin. */
export function developmentConfig(): Plugin {
  return {
    name: 'autostack:development-config',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use('/config.json', (_request, response) => {
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ apiBaseUrl: '', sitesDomain: 'apps.localhost:8080' }));
      });
    },
  };
}
