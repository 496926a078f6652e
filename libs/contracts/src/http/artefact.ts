import { z } from 'zod';

export const Artefact = z
  .object({
    path: z.string().meta({
      description: 'Below the address of the list; starts with the target when a run has several.',
      example: 'sales_distcp_plans.yaml',
    }),
    target: z.string().meta({ example: 'target' }),
    database: z.string().exactOptional(),
    mediaType: z.string().meta({ example: 'text/plain; charset=utf-8' }),
    href: z.string(),
  })
  .meta({ id: 'Artefact' });
export type Artefact = z.infer<typeof Artefact>;

export const ArtefactList = z.object({ items: z.array(Artefact) }).meta({ id: 'ArtefactList' });
