import { ArrowRight } from 'lucide-react';
import { buttonStyle } from '../ui/buttonStyle';
import { SourceFields, type SourceFieldsProps } from './SourceFields';
import { StepForm } from './StepForm';

interface SourceStepProps extends SourceFieldsProps {
  onNext: () => void;
}

export function SourceStep({ onNext, ...source }: SourceStepProps) {
  return (
    <StepForm
      title="Choose a source"
      text="Look around with a sample, or build a repository of your own."
      onSubmit={onNext}
      footer={
        <button type="submit" className={buttonStyle('primary')}>
          Continue <ArrowRight aria-hidden className="size-4" />
        </button>
      }
    >
      <SourceFields {...source} />
    </StepForm>
  );
}
