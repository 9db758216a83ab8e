/** Everything behind the landing page. Called early (hover, focus) it only warms the cache. */
export const loadAppRoutes = () => import('./AppRoutes');
