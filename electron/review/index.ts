export { copyAsPython } from './python.ts';
export { openReviews, type ReviewService, type ToldReview } from './reviews.ts';
export { ShownEpisodes } from './shown-episodes.ts';
export { readTaxonomy } from './taxonomy.ts';
