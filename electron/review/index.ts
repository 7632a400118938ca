export { copyAsPython } from './python.ts';
export { openReviews, type ReviewService } from './reviews.ts';
export { readTaxonomy } from './taxonomy.ts';
