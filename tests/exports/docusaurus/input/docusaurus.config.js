// @ts-check
const {themes} = require('prism-react-renderer');

const site = 'https://lighthouse.example';

/** @type {import('@docusaurus/types').Config} */
const config = {
  title: 'The Lighthouse',
  url: site,
  baseUrl: '/',
  trailingSlash: true,
  i18n: {defaultLocale: 'en', locales: ['en', 'fr']},
  presets: [
    [
      'classic',
      /** @type {import('@docusaurus/preset-classic').Options} */
      ({
        docs: {routeBasePath: 'docs', sidebarPath: require.resolve('./sidebars.js')},
        blog: {routeBasePath: '/', showReadingTime: true, feedOptions: {type: 'all'}},
      }),
    ],
  ],
  plugins: [
    ['@docusaurus/plugin-content-blog', {id: 'logbook', path: './logbook', routeBasePath: process.env.LOGBOOK}],
  ],
  themeConfig: {navbar: {title: 'The Lighthouse'}, prism: {theme: themes.github}},
};

module.exports = config;
