export { copyAsPython } from './python.ts';
export {
  type OpenReviewsOptions,
  openReviews,
  type ReviewEpisode,
  ReviewFault,
  type ReviewService,
} from './reviews.ts';
