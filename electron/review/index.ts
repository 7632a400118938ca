export { copyAsPython } from './python.ts';
export { openReviews, type ReviewService } from './reviews.ts';
