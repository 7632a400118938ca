export { copyAsPython } from './python.ts';
export { openReviews, type ReviewService } from './reviews.ts';
export { ShownEpisodes } from './shown-episodes.ts';
export { readTaxonomy } from './taxonomy.ts';
