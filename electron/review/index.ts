export { copyAsPython, type PythonRequest } from './python.ts';
export { type OpenReviewsOptions, openReviews, type ReviewEpisode, type ReviewService } from './reviews.ts';
