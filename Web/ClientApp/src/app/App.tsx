import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { Landing } from '../pages/Landing';
import { Crash } from '../ui/Crash';
import { PageSkeleton } from '../ui/Skeleton';
import { loadAppRoutes } from './loadAppRoutes';

const AppRoutes = lazy(loadAppRoutes);

export function App() {
  return (
    <Crash>
      <Suspense fallback={<PageSkeleton />}>
        <Routes>
          <Route index element={<Landing />} />
          <Route path="*" element={<AppRoutes />} />
        </Routes>
      </Suspense>
    </Crash>
  );
}
